import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
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
const { lambdaHandler } = await import("../app.js");

const dynamodb = mockClient(DynamoDBDocumentClient);
const sent = () => dynamodb.commandCalls(GetCommand).map((call) => call.args[0].input);

/**
 * @param {number} status
 * @param {string} title
 * @param {string} detail
 */
const problem = (status, title, detail) => ({
  statusCode: status,
  headers: { "Content-Type": "application/problem+json" },
  body: JSON.stringify({ title, status, detail }),
});

/** @param {string} detail */
const badRequest = (detail) => problem(400, "Bad Request", detail);

beforeEach(() => dynamodb.reset());

test("returns the item with the id in the path, with the keys in their order", async () => {
  dynamodb.on(GetCommand).resolves({ Item: { version: 1, quantity: 3, name: "Pencil", id: "pencil" } });

  assert.deepEqual(await lambdaHandler(event), {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: '{"id":"pencil","name":"Pencil","quantity":3,"version":1}',
  });
  assert.deepEqual(sent(), [{ TableName: "items-table", Key: { id: "pencil" }, ConsistentRead: true }]);
});

test("finds no item with another id", async () => {
  dynamodb.on(GetCommand).resolves({});

  assert.deepEqual(await lambdaHandler(event), problem(404, "Not Found", "there is no item with this id"));
});

test("fails with an error of DynamoDB", async () => {
  dynamodb.on(GetCommand).rejects(new Error("the table does not exist"));

  await assert.rejects(lambdaHandler(event), /the table does not exist/);
});

for (const id of ["1", "aZ09_-", "a".repeat(100)]) {
  test(`accepts an id: ${id}`, async () => {
    dynamodb.on(GetCommand).resolves({});

    await lambdaHandler({ pathParameters: { id } });

    assert.deepEqual(
      sent().map(({ Key }) => Key),
      [{ id }],
    );
  });
}

for (const id of ["", "a b", "é", "a/b", "pencil\n", "a".repeat(101)]) {
  test(`refuses an id: ${JSON.stringify(id)}`, async () => {
    const response = await lambdaHandler({ pathParameters: { id } });

    assert.deepEqual(response, badRequest("id must have 1 to 100 letters, digits, hyphens or underscores"));
    assert.deepEqual(sent(), []);
  });
}
