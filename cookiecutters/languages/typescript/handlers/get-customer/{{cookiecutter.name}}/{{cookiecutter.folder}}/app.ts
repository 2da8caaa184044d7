import { randomUUID } from "node:crypto";
// Only one locale, since loading all of them takes five times as long.
import { faker } from "@faker-js/faker/locale/en";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

/** Where a customer lives. */
interface Address {
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
}

/** What the API returns about a customer. */
interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly address: Address;
}

/** The part of a request that this function reads. */
type CustomerRequest = Partial<Pick<APIGatewayProxyEvent, "pathParameters">>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Answers GET /{{ cookiecutter.path }} with the customer of that id, or with a new one if there is no id.
 * The event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const lambdaHandler = async (event: CustomerRequest): Promise<APIGatewayProxyResult> => {
  const id = event.pathParameters?.id ?? randomUUID();
  return uuid.test(id) ? respond(200, makeCustomer(id.toLowerCase())) : badRequest("id must be a UUID");
};

/** Makes up the customer with that id: always the same one, since the id is the seed. */
const makeCustomer = (id: string): Customer => {
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

/** Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457 */
const badRequest = (detail: string): APIGatewayProxyResult =>
  respond(400, { title: "Bad Request", status: 400, detail }, "application/problem+json");

const respond = (statusCode: number, body: object, contentType = "application/json"): APIGatewayProxyResult => ({
  statusCode,
  headers: { "Content-Type": contentType },
  body: JSON.stringify(body),
});
