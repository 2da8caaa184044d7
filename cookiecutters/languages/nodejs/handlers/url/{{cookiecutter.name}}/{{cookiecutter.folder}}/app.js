/** @import { LambdaFunctionURLEvent, LambdaFunctionURLResult } from "aws-lambda" */

/**
 * Answers GET / with a greeting. Requests with any other path or method reach the function as well:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 *
 * @param {LambdaFunctionURLEvent} event
 * @returns {Promise<LambdaFunctionURLResult>}
 */
export const lambdaHandler = async (event) => {
  if (event.rawPath !== "/") {
    return problem(404, "Not Found", `there is nothing at ${event.rawPath}`);
  }
  if (event.requestContext.http.method !== "GET") {
    return problem(405, "Method Not Allowed", "use GET", { Allow: "GET" });
  }
  return respond(200, { message: `hello ${event.queryStringParameters?.name || "world"}` });
};

/**
 * Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
 *
 * @param {number} status
 * @param {string} title
 * @param {string} detail
 */
const problem = (status, title, detail, headers = {}) =>
  respond(status, { title, status, detail }, { "Content-Type": "application/problem+json", ...headers });

/**
 * @param {number} statusCode
 * @param {object} body
 */
const respond = (statusCode, body, headers = { "Content-Type": "application/json" }) => ({
  statusCode,
  headers,
  body: JSON.stringify(body),
});
