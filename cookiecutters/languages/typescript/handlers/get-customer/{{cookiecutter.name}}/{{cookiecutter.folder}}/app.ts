import { type Faker, faker } from "@faker-js/faker";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

/** Where a customer lives. */
interface Address {
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  readonly country: string;
}

/** What this function tells of a customer. */
interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly address: Address;
}

/**
 * Answers GET /{{ cookiecutter.path }} with a customer that was never seen before.
 * The event is a request and the result a response as Amazon API Gateway has them:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const lambdaHandler = async (_event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(makeCustomer(faker)),
});

/** Makes a customer up; the seed of the faker decides all of it. */
export const makeCustomer = (faker: Faker): Customer => ({
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
