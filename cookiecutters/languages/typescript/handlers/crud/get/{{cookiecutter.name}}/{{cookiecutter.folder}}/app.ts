import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { dynamodb, tableName, validId } from "./items.ts";
import { badRequest, problem, respond } from "./responses.ts";

/** The part of a request that this function reads. */
type ItemRequest = Pick<APIGatewayProxyEventV2, "pathParameters">;

/**
 * Answers GET /{{ cookiecutter.path }} with the item of that id. The event is a request and the result a response as Amazon
 * API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const lambdaHandler = async (event: ItemRequest): Promise<APIGatewayProxyStructuredResultV2> => {
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
