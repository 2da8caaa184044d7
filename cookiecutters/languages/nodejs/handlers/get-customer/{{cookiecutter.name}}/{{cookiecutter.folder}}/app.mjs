// One locale: to load them all takes five times as long.
import { faker } from "@faker-js/faker/locale/en";

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
 * What this function tells of a customer.
 *
 * @typedef {object} Customer
 * @property {string} id
 * @property {string} name
 * @property {string} email
 * @property {string} phone
 * @property {Address} address
 */

/**
 * Answers GET /{{ cookiecutter.path }} with a customer that was never seen before.
 * The event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 *
 * @param {import("aws-lambda").APIGatewayProxyEvent} event
 * @returns {Promise<import("aws-lambda").APIGatewayProxyResult>}
 */
export const lambdaHandler = async (event) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(makeCustomer(faker)),
});

/**
 * Makes a customer up; the seed of the faker decides all of it.
 *
 * @param {import("@faker-js/faker").Faker} faker
 * @returns {Customer}
 */
export const makeCustomer = (faker) => ({
  id: faker.string.uuid(),
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
});
