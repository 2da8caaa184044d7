import assert from "node:assert/strict";
import { test } from "node:test";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}
import { lambdaHandler } from "../app.js";

const sampleId = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";
const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @param {string} id */
const get = async (id) => {
  const response = await lambdaHandler({ pathParameters: { id } });
  assert.equal(response.statusCode, 200);
  return JSON.parse(response.body);
};

test("returns all of a customer", async () => {
  const response = await lambdaHandler(event);

  assert.equal(response.statusCode, 200);
  assert.deepEqual(response.headers, { "Content-Type": "application/json" });
  const customer = JSON.parse(response.body);
  const { address, ...rest } = customer;
  assert.deepEqual(Object.keys(customer), ["id", "name", "email", "phone", "address"]);
  assert.deepEqual(Object.keys(address), ["street", "city", "postcode", "country"]);
  for (const text of [...Object.values(rest), ...Object.values(address)]) {
    assert.equal(typeof text, "string");
    assert.notEqual(text, "");
  }
  assert.equal(customer.id, sampleId);
  assert.match(customer.email, /@example\.(com|net|org)$/);
});

test("returns the same customer for the same id", async () => {
  const customer = await get(sampleId);

  assert.deepEqual(await get(sampleId), customer);
  assert.deepEqual(await get(sampleId.toUpperCase()), customer);
});

test("returns another customer for another id", async () => {
  const customer = await get(sampleId);

  for (const id of [sampleId.replace(/^3/, "4"), sampleId.replace(/1$/, "2")]) {
    assert.notDeepEqual({ ...(await get(id)), id: sampleId }, customer);
  }
});

for (const request of [{}, { pathParameters: null }, { pathParameters: {} }]) {
  test(`returns a new customer each time for ${JSON.stringify(request)}`, async () => {
    const first = JSON.parse((await lambdaHandler(request)).body);
    const second = JSON.parse((await lambdaHandler(request)).body);

    assert.match(first.id, uuid4);
    assert.notEqual(first.id, second.id);
    assert.deepEqual(await get(first.id), first);
  });
}

for (const id of [
  "",
  "42",
  `{${sampleId}}`,
  `urn:uuid:${sampleId}`,
  sampleId.replaceAll("-", ""),
  sampleId.replace("-", ""),
  sampleId.replace("3", "g"),
  `${sampleId}1`,
  `${sampleId}\n`,
]) {
  test(`refuses an id that is no UUID: ${JSON.stringify(id)}`, async () => {
    assert.deepEqual(await lambdaHandler({ pathParameters: { id } }), {
      statusCode: 400,
      headers: { "Content-Type": "application/problem+json" },
      body: '{"title":"Bad Request","status":400,"detail":"id must be a UUID"}',
    });
  });
}
