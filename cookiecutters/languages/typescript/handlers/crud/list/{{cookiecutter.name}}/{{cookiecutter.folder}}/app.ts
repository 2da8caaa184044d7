import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { dynamodb, tableName, validId } from "./items.ts";
import { badRequest, respond } from "./responses.ts";

/** The part of a request that this function reads. */
type ListRequest = Pick<APIGatewayProxyEventV2, "queryStringParameters">;

const defaultLimit = "25";
const validLimit = /^([1-9]\d?|100)$/;

/**
 * Answers GET /{{ cookiecutter.path }} with a page of the items, and next, with which to ask for the next page. The
 * event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const lambdaHandler = async (event: ListRequest): Promise<APIGatewayProxyStructuredResultV2> => {
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

/** Returns what callers send as next for the page that begins after the item with that id. */
const encodeToken = (id: string): string => Buffer.from(id).toString("base64url");

/** Returns the id in a token, or undefined if encodeToken makes no such token. */
const decodeToken = (token: string): string | undefined => {
  const id = Buffer.from(token, "base64url").toString();
  return validId.test(id) && encodeToken(id) === token ? id : undefined;
};
