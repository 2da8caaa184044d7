/** @import { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda" */

/**
 * Answers GET /{{ cookiecutter.path }}. The event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @param {APIGatewayProxyEvent} _event
 * @returns {Promise<APIGatewayProxyResult>}
 */
export const lambdaHandler = async (_event) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ message: "hello world" }),
});
