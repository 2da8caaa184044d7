import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { SQSRecord } from "aws-lambda";

import event from "../../events/{{ cookiecutter.folder }}/event.json";
import { lambdaHandler } from "../app";

const [good, bad] = event.Records as [SQSRecord, SQSRecord];

const info = mock.method(console, "info", () => {});
const error = mock.method(console, "error", () => {});
const logged = (method: typeof info): unknown[] => method.mock.calls.map((call) => call.arguments[0]);

beforeEach(() => {
  info.mock.resetCalls();
  error.mock.resetCalls();
});

test("names the message that failed", async () => {
  const response = await lambdaHandler(event);

  assert.deepEqual(response, {
    batchItemFailures: [{ itemIdentifier: "2e1424d4-f796-459a-8184-9c92662be6da" }],
  });
  assert.deepEqual(logged(info), ["order 1001: 2"]);
  assert.deepEqual(logged(error), ["message 2e1424d4-f796-459a-8184-9c92662be6da failed:"]);
});

test("goes on after a failure", async () => {
  const response = await lambdaHandler({ Records: [bad, good] });

  assert.deepEqual(response, { batchItemFailures: [{ itemIdentifier: bad.messageId }] });
  assert.deepEqual(logged(info), ["order 1001: 2"]);
});

test("names none when all is well", async () => {
  const response = await lambdaHandler({ Records: [good] });

  assert.deepEqual(response, { batchItemFailures: [] });
});

for (const body of [
  "[]",
  "null",
  '{"quantity": 2}',
  '{"orderId": "", "quantity": 2}',
  '{"orderId": 1001, "quantity": 2}',
  '{"orderId": "1001"}',
  '{"orderId": "1001", "quantity": 0}',
  '{"orderId": "1001", "quantity": 1.5}',
  '{"orderId": "1001", "quantity": "2"}',
]) {
  test(`refuses JSON that is no order: ${body}`, async () => {
    const response = await lambdaHandler({ Records: [{ ...good, body }] });

    assert.deepEqual(response, { batchItemFailures: [{ itemIdentifier: good.messageId }] });
    assert.deepEqual(logged(info), []);
  });
}
