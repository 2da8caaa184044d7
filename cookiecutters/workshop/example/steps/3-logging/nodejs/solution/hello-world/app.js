const NAME = /^\P{Cc}{1,40}$/u;

/**
 * Answers GET /hello: an event and a response of Amazon API Gateway,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @param {import("aws-lambda").APIGatewayProxyEvent} event
 * @returns {Promise<import("aws-lambda").APIGatewayProxyResult>}
 */
export const lambdaHandler = async (event) => {
  const response = greet(event);
  // Lambda adds the time, the level and an id of its own. This id is the one that the caller gets with the response.
  console.info({ status: response.statusCode, apiRequestId: event.requestContext.requestId });
  return response;
};

/**
 * Greets by name whoever says one in the query string, and else the world.
 *
 * @param {import("aws-lambda").APIGatewayProxyEvent} event
 * @returns {import("aws-lambda").APIGatewayProxyResult}
 */
const greet = (event) => {
  // Where there is no query string, this is null and not an empty object.
  const name = (event.queryStringParameters?.name ?? "world").trim();
  // An exception would become a 502, as if the function were broken. It is the request that is.
  if (!NAME.test(name)) {
    return answer(400, "a name has 1 to 40 characters, none of them a control character");
  }
  return answer(200, `hello ${name}`);
};

/**
 * @param {number} statusCode
 * @param {string} message
 * @returns {import("aws-lambda").APIGatewayProxyResult}
 */
const answer = (statusCode, message) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ message }),
});
