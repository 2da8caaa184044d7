import { randomUUID } from "node:crypto";
// Only one locale, since loading all of them takes five times as long.
import { faker } from "@faker-js/faker/locale/en";

/** @import { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda" */

/**
 * Where a customer lives.
 *
 * @typedef {object} Address
 * @property {string} street
 * @property {string} city
 * @property {string} postcode
 * @property {string} country
 */

/**
 * What the API returns about a customer.
 *
 * @typedef {object} Customer
 * @property {string} id
 * @property {string} name
 * @property {string} email
 * @property {string} phone
 * @property {Address} address
 */

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Answers GET /{{ cookiecutter.path }} with the customer of that id, or with a new one if there is no id.
 * The event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @param {Partial<Pick<APIGatewayProxyEvent, "pathParameters">>} event the part of it that this function reads
 * @returns {Promise<APIGatewayProxyResult>}
 */
export const lambdaHandler = async (event) => {
  const id = event.pathParameters?.id ?? randomUUID();
  return uuid.test(id) ? respond(200, makeCustomer(id.toLowerCase())) : badRequest("id must be a UUID");
};

/**
 * Makes up the customer with that id: always the same one, since the id is the seed.
 *
 * @param {string} id
 * @returns {Customer}
 */
const makeCustomer = (id) => {
  faker.seed([...Buffer.from(id.replaceAll("-", ""), "hex")]);
  return {
    id,
    name: faker.person.fullName(),
    // An address that nobody owns, as its domain is reserved for examples.
    email: faker.internet.exampleEmail(),
    phone: faker.phone.number(),
    address: {
      street: faker.location.streetAddress(),
      city: faker.location.city(),
      postcode: faker.location.zipCode(),
      country: faker.location.country(),
    },
  };
};

/**
 * Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
 *
 * @param {string} detail
 */
const badRequest = (detail) => respond(400, { title: "Bad Request", status: 400, detail }, "application/problem+json");

/**
 * @param {number} statusCode
 * @param {object} body
 */
const respond = (statusCode, body, contentType = "application/json") => ({
  statusCode,
  headers: { "Content-Type": contentType },
  body: JSON.stringify(body),
});
