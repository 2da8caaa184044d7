import assert from "node:assert/strict";
import { test } from "node:test";
import { base, en, Faker, faker } from "@faker-js/faker";
import type { APIGatewayProxyEvent } from "aws-lambda";

import sample from "../../events/{{ cookiecutter.folder }}/event.json";
import { lambdaHandler, makeCustomer } from "../app";

// The sample leaves out parts of an event that nobody reads here.
const event = sample as unknown as APIGatewayProxyEvent;
const seed = 2026;
const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("answers with the customer of its seed", async () => {
  const twin = new Faker({ locale: [en, base], seed });
  faker.seed(seed);

  const response = await lambdaHandler(event);

  assert.deepEqual(response, {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(makeCustomer(twin)),
  });
});

test("answers with another customer each time", async () => {
  const first = await lambdaHandler(event);
  const second = await lambdaHandler(event);

  assert.notEqual(first.body, second.body);
});

test("says all of a customer", async () => {
  const { body } = await lambdaHandler(event);

  const customer = JSON.parse(body);
  const { address, ...rest } = customer;
  assert.deepEqual(Object.keys(customer), ["id", "name", "email", "phone", "address"]);
  assert.deepEqual(Object.keys(address), ["street", "city", "postcode", "country"]);
  for (const text of [...Object.values(rest), ...Object.values(address)]) {
    assert.equal(typeof text, "string");
    assert.notEqual(text, "");
  }
  assert.match(customer.id, uuid4);
  assert.match(customer.email, /@/);
});
