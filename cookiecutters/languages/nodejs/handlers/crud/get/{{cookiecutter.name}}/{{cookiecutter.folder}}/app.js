import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb, tableName, validId } from "./items.js";
import { badRequest, problem, respond } from "./responses.js";

/** @import { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda" */

/**
 * Answers GET /{{ cookiecutter.path }} with the item of that id. The event is a request and the result a response as Amazon
 * API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * @param {Pick<APIGatewayProxyEventV2, "pathParameters">} event the part of it that this function reads
 * @returns {Promise<APIGatewayProxyStructuredResultV2>}
 */
export const lambdaHandler = async (event) => {
  const id = event.pathParameters?.id ?? "";
  if (!validId.test(id)) {
    return badRequest("id must have 1 to 100 letters, digits, hyphens or underscores");
  }
  // Read consistently, so that whoever has just stored an item finds it.
  const { Item } = await dynamodb.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
  if (!Item) {
    return problem(404, "Not Found", "there is no item with this id");
  }
  // DynamoDB returns attributes in any order.
  const { name, quantity, version } = Item;
  return respond(200, { id, name, quantity, version });
};
