import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}
import { lambdaHandler } from "../app.js";

// In the sample event the first message is an order, the second is not.
const good = { itemIdentifier: "059f36b4-87a3-44ab-83d2-661975830a7d" };
const bad = { itemIdentifier: "2e1424d4-f796-459a-8184-9c92662be6da" };

const info = mock.method(console, "info", () => {});
const error = mock.method(console, "error", () => {});

/** @param {typeof info} method */
const logged = (method) => method.mock.calls.map((call) => call.arguments);

/** @param {string} body */
const eventWith = (body) => ({ Records: event.Records.slice(0, 1).map((record) => ({ ...record, body })) });

beforeEach(() => {
  info.mock.resetCalls();
  error.mock.resetCalls();
});

test("reports only the message that failed", async () => {
  assert.deepEqual(await lambdaHandler(event), { batchItemFailures: [bad] });
});

test("goes on after a failure", async () => {
  const response = await lambdaHandler({ Records: [...event.Records].reverse() });

  assert.deepEqual(response, { batchItemFailures: [bad] });
  assert.equal(logged(info).length, 1);
});

test("logs what was processed", async () => {
  await lambdaHandler(event);

  assert.deepEqual(logged(info), [[{ message: "order processed", order_id: "1001", quantity: 2 }]]);
});

test("logs what failed, with the error", async () => {
  await lambdaHandler(event);

  const [[entry] = [], ...others] = logged(error);
  const { error: cause, ...rest } = entry;
  assert.deepEqual(rest, { message: "message failed", message_id: bad.itemIdentifier });
  assert.ok(cause instanceof SyntaxError);
  assert.deepEqual(others, []);
});

test("reports whatever processing throws", async () => {
  info.mock.mockImplementationOnce(() => {
    throw new Error("the database does not answer");
  });

  assert.deepEqual(await lambdaHandler(event), { batchItemFailures: [good, bad] });
});

for (const body of [
  '{"orderId": "1001", "quantity": 1}',
  '{"orderId": "1001", "quantity": 2147483647}',
  '{"orderId": "1001", "quantity": 2, "price": 1.5}',
]) {
  test(`accepts an order: ${body}`, async () => {
    assert.deepEqual(await lambdaHandler(eventWith(body)), { batchItemFailures: [] });
  });
}

for (const body of [
  "[]",
  "null",
  "{}",
  "this is not an order",
  '{"quantity": 2}',
  '{"orderId": "", "quantity": 2}',
  '{"orderId": 1001, "quantity": 2}',
  '{"orderId": "\\ud800", "quantity": 2}',
  '{"orderId": "1001"}',
  '{"orderId": "1001", "quantity": 0}',
  '{"orderId": "1001", "quantity": -1}',
  '{"orderId": "1001", "quantity": 1.5}',
{% if cookiecutter.runtime_version | int >= 22 %}
  '{"orderId": "1001", "quantity": 2.0}',
  '{"orderId": "1001", "quantity": 2e0}',
{% endif %}
  '{"orderId": "1001", "quantity": "2"}',
  '{"orderId": "1001", "quantity": true}',
  '{"orderId": "1001", "quantity": null}',
  '{"orderId": "1001", "quantity": 2147483648}',
  '{"orderId": "1001", "quantity": 99999999999999999999}',
  '{"orderid": "1001", "quantity": 2}',
  '{"OrderId": "1001", "Quantity": 2}',
  '{"orderId": "1001", "quantity": 2} {}',
]) {
  test(`refuses what is no order: ${body}`, async () => {
    assert.deepEqual(await lambdaHandler(eventWith(body)), { batchItemFailures: [good] });
  });
}
