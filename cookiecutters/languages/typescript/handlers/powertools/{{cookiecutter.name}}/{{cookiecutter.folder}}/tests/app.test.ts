import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { Context } from "aws-lambda";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}

process.env.POWERTOOLS_SERVICE_NAME = "greeting-api";
process.env.POWERTOOLS_METRICS_NAMESPACE = "greetings";
// Powertools writes to the console of these tests instead of one of its own, and the metrics as well.
process.env.POWERTOOLS_DEV = "true";
process.env.POWERTOOLS_METRICS_DISABLED = "false";
const { lambdaHandler } = await import("../app.ts");

const context = {
  awsRequestId: "8d7e6f5a-4b3c-2d1e-0f9a-8b7c6d5e4f3a",
  functionName: "greeting-api",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:greeting-api",
  memoryLimitInMB: "256",
} as Context;

const info = mock.method(console, "info", () => {});
const error = mock.method(console, "error", () => {});
const log = mock.method(console, "log", () => {});

const written = (method: typeof info) => method.mock.calls.map((call) => JSON.parse(call.arguments[0]));
const greetings = () => written(log).filter((metric) => "Greetings" in metric);

/** Sends a request with that name as it stands in the URL. */
const get = async (name: string) => {
  const path = `/{{ cookiecutter.path | replace("{", "${") }}`;
  const { statusCode, headers, body } = await lambdaHandler({ ...event, path }, context);
  assert.deepEqual(headers, { "content-type": "application/json" });
  return { statusCode, body: JSON.parse(body) };
};

beforeEach(() => {
  for (const method of [info, error, log]) {
    method.mock.resetCalls();
  }
});

test("greets by the name in the path", async () => {
  const { statusCode, headers, body } = await lambdaHandler(event, context);

  assert.equal(statusCode, 200);
  assert.deepEqual(headers, { "content-type": "application/json" });
  assert.equal(body, '{"message":"hello Ada"}');
});

test("logs one line, with the ids of the request and of the invocation", async () => {
  await lambdaHandler(event, context);

  const [line, ...others] = written(info);
  assert.equal(line.message, "greeting sent");
  assert.equal(line.name, "Ada");
  assert.equal(line.service, "greeting-api");
  assert.equal(line.correlation_id, event.requestContext.requestId);
  assert.equal(line.function_request_id, context.awsRequestId);
  assert.deepEqual(others, []);
});

test("counts the greeting", async () => {
  await lambdaHandler(event, context);

  const [metric, ...others] = greetings();
  assert.equal(metric.Greetings, 1);
  assert.equal(metric.service, "greeting-api");
  const [{ Namespace, Metrics }] = metric._aws.CloudWatchMetrics;
  assert.equal(Namespace, "greetings");
  assert.deepEqual(Metrics, [{ Name: "Greetings", Unit: "Count" }]);
  assert.deepEqual(others, []);
});

for (const name of [" Ada ", "Ada Lovelace", "Zoë", "a/b", "100%", "😀".repeat(100)]) {
  test(`greets by the trimmed name: ${JSON.stringify(name.slice(0, 20))}`, async () => {
    const response = await get(encodeURIComponent(name));

    assert.deepEqual(response, { statusCode: 200, body: { message: `hello ${name.trim()}` } });
  });
}

for (const name of ["%20", "a".repeat(101), "%FF"]) {
  test(`refuses a name: ${name.slice(0, 20)}`, async () => {
    const response = await get(name);

    const message = "name must have 1 to 100 characters";
    assert.deepEqual(response, { statusCode: 400, body: { statusCode: 400, error: "BadRequestError", message } });
    assert.deepEqual([...written(info), ...written(error), ...greetings()], []);
  });
}

test("has no other route", async () => {
  const { statusCode } = await lambdaHandler({ ...event, path: "/farewells/Ada" }, context);

  assert.equal(statusCode, 404);
});

for (const unexpected of [new Error("nobody listens"), new URIError("nobody listens")]) {
  test(`logs an unexpected error: ${unexpected.name}`, async () => {
    info.mock.mockImplementationOnce(() => {
      throw unexpected;
    });

    const { statusCode } = await get("Ada");

    assert.equal(statusCode, 500);
    const [line] = written(error);
    assert.equal(line.message, "request failed");
    assert.equal(line.error.message, "nobody listens");
  });
}
