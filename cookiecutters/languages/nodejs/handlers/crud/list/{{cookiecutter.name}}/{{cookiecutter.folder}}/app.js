import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb, tableName, validId } from "./items.js";
import { badRequest, respond } from "./responses.js";

/** @import { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda" */

const defaultLimit = "25";
const validLimit = /^([1-9]\d?|100)$/;

/**
 * Answers GET /{{ cookiecutter.path }} with a page of the items, and next, with which to ask for the next page. The
 * event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @param {Pick<APIGatewayProxyEventV2, "queryStringParameters">} event the part of it that this function reads
 * @returns {Promise<APIGatewayProxyStructuredResultV2>}
 */
export const lambdaHandler = async (event) => {
  const { limit = defaultLimit, next } = event.queryStringParameters ?? {};
  if (!validLimit.test(limit)) {
    return badRequest("limit must be an integer from 1 to 100");
  }
  const after = next === undefined ? undefined : decodeToken(next);
  if (next !== undefined && after === undefined) {
    return badRequest("next must be the next of an earlier answer");
  }
  const { Items = [], LastEvaluatedKey } = await dynamodb.send(
    new ScanCommand({
      TableName: tableName,
      Limit: Number(limit),
      ExclusiveStartKey: after === undefined ? undefined : { id: after },
    }),
  );
  return respond(200, {
    // DynamoDB returns attributes in any order.
    items: Items.map(({ id, name, quantity, version }) => ({ id, name, quantity, version })),
    next: LastEvaluatedKey ? encodeToken(LastEvaluatedKey.id) : null,
  });
};

/**
 * Returns what callers send as next for the page that begins after the item with that id.
 *
 * @param {string} id
 */
const encodeToken = (id) => Buffer.from(id).toString("base64url");

/**
 * Returns the id in a token, or undefined if encodeToken makes no such token.
 *
 * @param {string} token
 */
const decodeToken = (token) => {
  const id = Buffer.from(token, "base64url").toString();
  return validId.test(id) && encodeToken(id) === token ? id : undefined;
};
