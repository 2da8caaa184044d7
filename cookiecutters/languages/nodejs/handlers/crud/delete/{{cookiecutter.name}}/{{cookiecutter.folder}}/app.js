import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { dynamodb, tableName, validId } from "./items.js";
import { badRequest, problem } from "./responses.js";

/** @import { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda" */

/**
 * Answers DELETE /{{ cookiecutter.path }} by deleting the item of that id. The event is a request and the result a response
 * as Amazon API Gateway has them:
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
