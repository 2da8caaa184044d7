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
import { lambdaHandler } from "../app.ts";

const { queryStringParameters, ...withoutQuery } = event;

const requestContext = (method: string) => ({
  ...event.requestContext,
  http: { ...event.requestContext.http, method },
});

test("greets whoever the query names", async () => {
  assert.deepEqual(await lambdaHandler(event), {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: '{"message":"hello Ada"}',
  });
});

for (const query of [{}, { queryStringParameters: {} }, { queryStringParameters: { name: "" } }]) {
  test(`greets the world for ${JSON.stringify(query)}`, async () => {
    assert.deepEqual(await lambdaHandler({ ...withoutQuery, ...query }), {
      statusCode: 200,
      headers: { "Content-Type": "application/json" },
      body: '{"message":"hello world"}',
    });
  });
}

for (const method of ["GET", "POST"]) {
  test(`finds nothing at another path: ${method}`, async () => {
    const request = { ...event, rawPath: "/other", requestContext: requestContext(method) };

    assert.deepEqual(await lambdaHandler(request), {
      statusCode: 404,
      headers: { "Content-Type": "application/problem+json" },
      body: '{"title":"Not Found","status":404,"detail":"there is nothing at /other"}',
    });
  });
}

for (const method of ["POST", "HEAD", "OPTIONS"]) {
  test(`refuses another method: ${method}`, async () => {
    assert.deepEqual(await lambdaHandler({ ...event, requestContext: requestContext(method) }), {
      statusCode: 405,
      headers: { "Content-Type": "application/problem+json", Allow: "GET" },
      body: '{"title":"Method Not Allowed","status":405,"detail":"use GET"}',
    });
  });
}
