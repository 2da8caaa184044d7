import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";

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

const s3 = mockClient(S3Client);
const read = () => s3.commandCalls(GetObjectCommand).map((call) => call.args[0].input);
const written = () => s3.commandCalls(PutObjectCommand).map((call) => call.args[0].input);

const info = mock.method(console, "info", () => {});
const error = mock.method(console, "error", () => {});

const logged = (method: typeof info) => method.mock.calls.map((call) => call.arguments);

/** Returns the part of a response that the function reads. */
const object = (text: string, encoding?: BufferEncoding): object => ({
  Body: { transformToByteArray: async () => Buffer.from(text, encoding) },
});

const eventWith = (...keys: string[]) => ({
  Records: event.Records.flatMap((record) =>
    keys.map((key) => ({ ...record, s3: { ...record.s3, object: { ...record.s3.object, key } } })),
  ),
});

beforeEach(() => {
  s3.reset();
  s3.on(GetObjectCommand).resolves(object('{"orderId": "1001", "quantity": 2}'));
  s3.on(PutObjectCommand).resolves({});
  info.mock.resetCalls();
  error.mock.resetCalls();
});

test("writes what became of the order and answers nothing", async () => {
  assert.equal(await lambdaHandler(event), undefined);

  assert.deepEqual(read(), [{ Bucket: "orders", Key: "incoming/1 a/b.json" }]);
  assert.deepEqual(written(), [
    {
      Bucket: "orders",
      Key: "processed/1 a/b.json",
      Body: '{"orderId":"1001","quantity":2,"status":"accepted"}',
      ContentType: "application/json",
    },
  ]);
});

test("logs what was imported", async () => {
  await lambdaHandler(event);

  assert.deepEqual(logged(info), [
    [{ message: "order imported", key: "incoming/1 a/b.json", order_id: "1001", quantity: 2 }],
  ]);
  assert.deepEqual(logged(error), []);
});

for (const [encoded, key] of [
  ["3%C3%A9.json", "3é.json"],
  ["a%2Bb%25.json", "a+b%.json"],
  ["incoming/a.json", "incoming/a.json"],
] as const) {
  test(`decodes the key ${encoded}`, async () => {
    await lambdaHandler(eventWith(`incoming/${encoded}`));

    assert.deepEqual(
      read().map(({ Key }) => Key),
      [`incoming/${key}`],
    );
    assert.deepEqual(
      written().map(({ Key }) => Key),
      [`processed/${key}`],
    );
  });
}

test("imports every object of an event until one fails", async () => {
  s3.on(GetObjectCommand, { Key: "incoming/3.json" }).resolves(object("{}"));
  const keys = ["incoming/1.json", "incoming/2.json", "incoming/3.json", "incoming/4.json"];

  await assert.rejects(lambdaHandler(eventWith(...keys)), /orderId/);

  assert.deepEqual(
    written().map(({ Key }) => Key),
    ["processed/1.json", "processed/2.json"],
  );
});

test("fails and logs which object is bad", async () => {
  s3.on(GetObjectCommand).resolves(object("this is not an order"));

  await assert.rejects(lambdaHandler(invalid), SyntaxError);

  const [[entry] = [], ...others] = logged(error);
  const { error: cause, ...rest } = entry;
  assert.deepEqual(rest, { message: "import failed", key: "incoming/bad.json" });
  assert.ok(cause instanceof SyntaxError);
  assert.deepEqual(others, []);
  assert.deepEqual(written(), []);
});

test("fails and logs which object is missing", async () => {
  s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: "The specified key does not exist.", $metadata: {} }));

  await assert.rejects(lambdaHandler(event), NoSuchKey);

  assert.deepEqual(
    logged(error).map(([entry]) => entry.key),
    ["incoming/1 a/b.json"],
  );
});

test("reads an object with a byte order mark", async () => {
  s3.on(GetObjectCommand).resolves(object('\ufeff{"orderId": "1001", "quantity": 2}'));

  await lambdaHandler(event);

  assert.equal(written().length, 1);
});

test("refuses an object that is not UTF-8", async () => {
  s3.on(GetObjectCommand).resolves(object('{"orderId": "\xff", "quantity": 2}', "latin1"));

  await assert.rejects(lambdaHandler(event), TypeError);

  assert.deepEqual(written(), []);
});

test("fails if the result cannot be written", async () => {
  s3.on(PutObjectCommand).rejects(new Error("access denied"));

  await assert.rejects(lambdaHandler(event), /access denied/);

  assert.deepEqual(logged(info), []);
});

for (const text of [
  '{"orderId": "1001", "quantity": 1}',
  '{"orderId": "1001", "quantity": 2147483647}',
  '{"orderId": "1001", "quantity": 2, "price": 1.5}',
]) {
  test(`accepts an order: ${text}`, async () => {
    s3.on(GetObjectCommand).resolves(object(text));

    await lambdaHandler(event);
  });
}

for (const text of [
  "",
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
  test(`refuses what is no order: ${JSON.stringify(text)}`, async () => {
    s3.on(GetObjectCommand).resolves(object(text));

    await assert.rejects(lambdaHandler(event));

    assert.deepEqual(written(), []);
  });
}
