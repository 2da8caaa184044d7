import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb, tableName, toItem, validId } from "./items.js";
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
  const { Item } = await dynamodb.send(new GetCommand({ TableName: tableName, Key: { id } }));
  return Item ? respond(200, toItem(Item)) : problem(404, "Not Found", "there is no item with this id");
};
