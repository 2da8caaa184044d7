import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}

process.env.TABLE_NAME = "items-table";
const { lambdaHandler } = await import("../app.ts");

const dynamodb = mockClient(DynamoDBDocumentClient);
const sent = () => dynamodb.commandCalls(ScanCommand).map((call) => call.args[0].input);

const badRequest = (detail: string) => ({
  statusCode: 400,
  headers: { "Content-Type": "application/problem+json" },
  body: JSON.stringify({ title: "Bad Request", status: 400, detail }),
});

const pencil = { id: "pencil", name: "Pencil", quantity: 3, version: 1 };

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(ScanCommand).resolves({ Items: [] });
});

test("lists the items of a page, with the keys in their order", async () => {
  dynamodb.on(ScanCommand).resolves({ Items: [{ version: 1, quantity: 3, name: "Pencil", id: "pencil" }] });

  assert.deepEqual(await lambdaHandler(event), {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: '{"items":[{"id":"pencil","name":"Pencil","quantity":3,"version":1}],"next":null}',
  });
  assert.deepEqual(sent(), [{ TableName: "items-table", Limit: 2, ExclusiveStartKey: undefined }]);
});

test("begins the next page after the last item of this one", async () => {
  dynamodb.on(ScanCommand).resolves({ Items: [pencil], LastEvaluatedKey: { id: "pencil" } });
  const response = await lambdaHandler({ queryStringParameters: { limit: "1" } });
  const { next } = JSON.parse(response.body ?? "");

  await lambdaHandler({ queryStringParameters: { limit: "1", next } });

  assert.equal(next, "cGVuY2ls");
  assert.deepEqual(sent()[1], { TableName: "items-table", Limit: 1, ExclusiveStartKey: { id: "pencil" } });
});

test("fails with an error of DynamoDB", async () => {
  dynamodb.on(ScanCommand).rejects(new Error("the table does not exist"));

  await assert.rejects(lambdaHandler(event), /the table does not exist/);
});

test("lists 25 items if there is no limit", async () => {
  await lambdaHandler({});

  assert.deepEqual(
    sent().map(({ Limit }) => Limit),
    [25],
  );
});

for (const limit of ["1", "9", "10", "99", "100"]) {
  test(`accepts a limit: ${limit}`, async () => {
    await lambdaHandler({ queryStringParameters: { limit } });

    assert.deepEqual(
      sent().map(({ Limit }) => Limit),
      [Number(limit)],
    );
  });
}

for (const limit of ["", "0", "-1", "101", "1000", "1.5", "ten", "1e1", " 1", "1,2"]) {
  test(`refuses a limit: ${JSON.stringify(limit)}`, async () => {
    const response = await lambdaHandler({ queryStringParameters: { limit } });

    assert.deepEqual(response, badRequest("limit must be an integer from 1 to 100"));
    assert.deepEqual(sent(), []);
  });
}

for (const id of ["1", "aZ09_-", "a".repeat(100)]) {
  test(`begins a page after an id: ${id}`, async () => {
    await lambdaHandler({ queryStringParameters: { next: Buffer.from(id).toString("base64url") } });

    assert.deepEqual(
      sent().map(({ ExclusiveStartKey }) => ExclusiveStartKey),
      [{ id }],
    );
  });
}

const tooLong = Buffer.from("a".repeat(101)).toString("base64url");
// What is no Base64, no id, and an id in another way than the function encodes it.
for (const next of ["", "!", "YSBi", tooLong, "cGVuY2ls\n", "cGVuY2lscw==", "YR", "cGVuY2ls,cGVu"]) {
  test(`refuses a next: ${JSON.stringify(next)}`, async () => {
    const response = await lambdaHandler({ queryStringParameters: { next } });

    assert.deepEqual(response, badRequest("next must be the next of an earlier answer"));
    assert.deepEqual(sent(), []);
  });
}
