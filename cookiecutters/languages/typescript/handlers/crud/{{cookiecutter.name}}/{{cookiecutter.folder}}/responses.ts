import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457 */
export const problem = (status: number, title: string, detail: string): APIGatewayProxyStructuredResultV2 =>
  respond(status, { title, status, detail }, "application/problem+json");

export const badRequest = (detail: string): APIGatewayProxyStructuredResultV2 => problem(400, "Bad Request", detail);

export const respond = (
  statusCode: number,
  body: object,
  contentType = "application/json",
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { "Content-Type": contentType },
  body: JSON.stringify(body),
});
