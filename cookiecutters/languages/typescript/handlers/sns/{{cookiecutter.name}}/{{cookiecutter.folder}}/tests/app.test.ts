import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import invalid from "../../{{ cookiecutter.events }}/bad.json" with { type: "json" };
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import invalid from "../../{{ cookiecutter.events }}/bad.json" with {
  type: "json",
};
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}
import { lambdaHandler } from "../app.ts";

const info = mock.method(console, "info", () => {});
const error = mock.method(console, "error", () => {});

const logged = (method: typeof info) => method.mock.calls.map((call) => call.arguments);

const eventWith = (...messages: string[]) => ({
  Records: messages.map((Message, index) => ({ Sns: { MessageId: `message ${index}`, Message } })),
});

beforeEach(() => {
  info.mock.resetCalls();
  error.mock.resetCalls();
});

test("answers nothing", async () => {
  assert.equal(await lambdaHandler(event), undefined);
});

test("logs of what the warehouse was notified", async () => {
  await lambdaHandler(event);

  assert.deepEqual(logged(info), [[{ message: "warehouse notified", order_id: "1001", quantity: 2 }]]);
  assert.deepEqual(logged(error), []);
});

test("fails and logs which message failed", async () => {
  await assert.rejects(lambdaHandler(invalid), SyntaxError);

  const [[entry] = [], ...others] = logged(error);
  const { error: cause, ...rest } = entry;
  assert.deepEqual(rest, { message: "message failed", message_id: "2e1424d4-f796-459a-8184-9c92662be6da" });
  assert.ok(cause instanceof SyntaxError);
  assert.deepEqual(others, []);
  assert.deepEqual(logged(info), []);
});

test("notifies of each message until one fails", async () => {
  const order = '{"orderId": "1001", "quantity": 2}';

  await assert.rejects(lambdaHandler(eventWith(order, order, "{}", order)), /orderId/);

  assert.equal(logged(info).length, 2);
  assert.deepEqual(
    logged(error).map(([entry]) => entry.message_id),
    ["message 2"],
  );
});

test("fails with whatever the processing throws", async () => {
  info.mock.mockImplementationOnce(() => {
    throw new Error("the warehouse does not answer");
  });

  await assert.rejects(lambdaHandler(event), /the warehouse does not answer/);
});

for (const message of [
  '{"orderId": "1001", "quantity": 1}',
  '{"orderId": "1001", "quantity": 2147483647}',
  '{"orderId": "1001", "quantity": 2, "price": 1.5}',
]) {
  test(`accepts an order: ${message}`, async () => {
    await lambdaHandler(eventWith(message));
  });
}

for (const message of [
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
  '{"orderId": "1001", "quantity": "2"}',
  '{"orderId": "1001", "quantity": true}',
  '{"orderId": "1001", "quantity": null}',
  '{"orderId": "1001", "quantity": 2147483648}',
  '{"orderId": "1001", "quantity": 99999999999999999999}',
  '{"orderid": "1001", "quantity": 2}',
  '{"OrderId": "1001", "Quantity": 2}',
  '{"orderId": "1001", "quantity": 2} {}',
]) {
  test(`refuses what is no order: ${message}`, async () => {
    await assert.rejects(lambdaHandler(eventWith(message)));

    assert.deepEqual(logged(info), []);
  });
}
