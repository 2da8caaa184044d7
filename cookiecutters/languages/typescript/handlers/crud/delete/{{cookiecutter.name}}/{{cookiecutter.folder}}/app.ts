import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { dynamodb, tableName, validId } from "./items.ts";
import { badRequest, problem } from "./responses.ts";

/** The part of a request that this function reads. */
type ItemRequest = Pick<APIGatewayProxyEventV2, "pathParameters">;

/**
 * Answers DELETE /{{ cookiecutter.path }} by deleting the item of that id. The event is a request and the result a response
 * as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const lambdaHandler = async (event: ItemRequest): Promise<APIGatewayProxyStructuredResultV2> => {
  const id = event.pathParameters?.id ?? "";
  if (!validId.test(id)) {
    return badRequest("id must have 1 to 100 letters, digits, hyphens or underscores");
  }
  try {
    await dynamodb.send(
      new DeleteCommand({ TableName: tableName, Key: { id }, ConditionExpression: "attribute_exists(id)" }),
    );
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      // Perhaps this very request deleted it, if the SDK tried again after an answer that was lost.
      return problem(404, "Not Found", "there is no item with this id");
    }
    throw error;
  }
  return { statusCode: 204 };
};
