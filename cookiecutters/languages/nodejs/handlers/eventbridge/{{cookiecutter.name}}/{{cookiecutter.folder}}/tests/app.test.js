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
import { lambdaHandler } from "../app.js";

const info = mock.method(console, "info", () => {});
const error = mock.method(console, "error", () => {});

/** @param {typeof info} method */
const logged = (method) => method.mock.calls.map((call) => call.arguments);

beforeEach(() => {
  info.mock.resetCalls();
  error.mock.resetCalls();
});

test("answers nothing", async () => {
  assert.equal(await lambdaHandler(event), undefined);
});

test("logs what was shipped", async () => {
  await lambdaHandler(event);

  assert.deepEqual(logged(info), [[{ message: "order shipped", order_id: "1001", quantity: 2 }]]);
  assert.deepEqual(logged(error), []);
});

test("fails and logs which event failed", async () => {
  await assert.rejects(lambdaHandler(invalid), /quantity must be an integer from 1 to 2147483647/);

  const [[entry] = [], ...others] = logged(error);
  const { error: cause, ...rest } = entry;
  assert.deepEqual(rest, { message: "event failed", event_id: "8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11" });
  assert.ok(cause instanceof TypeError);
  assert.deepEqual(others, []);
  assert.deepEqual(logged(info), []);
});

test("fails with whatever the processing throws", async () => {
  info.mock.mockImplementationOnce(() => {
    throw new Error("the carrier does not answer");
  });

  await assert.rejects(lambdaHandler(event), /the carrier does not answer/);
});

for (const detail of [
  { orderId: "1001", quantity: 1 },
  { orderId: "1001", quantity: 2147483647 },
  { orderId: "1001", quantity: 2, price: 1.5 },
]) {
  test(`accepts an order: ${JSON.stringify(detail)}`, async () => {
    await lambdaHandler({ id: "1", detail });
  });
}

for (const detail of [
  undefined,
  null,
  [],
  {},
  "this is not an order",
  { quantity: 2 },
  { orderId: "", quantity: 2 },
  { orderId: 1001, quantity: 2 },
  { orderId: "\ud800", quantity: 2 },
  { orderId: "1001" },
  { orderId: "1001", quantity: 0 },
  { orderId: "1001", quantity: -1 },
  { orderId: "1001", quantity: 1.5 },
  { orderId: "1001", quantity: "2" },
  { orderId: "1001", quantity: true },
  { orderId: "1001", quantity: null },
  { orderId: "1001", quantity: 2147483648 },
  { orderId: "1001", quantity: 1e20 },
  { orderid: "1001", quantity: 2 },
  { OrderId: "1001", Quantity: 2 },
]) {
  test(`refuses what is no order: ${JSON.stringify(detail)}`, async () => {
    await assert.rejects(lambdaHandler({ id: "1", detail }));

    assert.deepEqual(logged(info), []);
  });
}
