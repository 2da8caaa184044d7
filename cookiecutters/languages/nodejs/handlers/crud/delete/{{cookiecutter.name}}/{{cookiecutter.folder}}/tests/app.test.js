import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
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
const sent = () => dynamodb.commandCalls(DeleteCommand).map((call) => call.args[0].input);

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

test("deletes the item with the id in the path", async () => {
  dynamodb.on(DeleteCommand).resolves({});

  assert.deepEqual(await lambdaHandler(event), { statusCode: 204 });
  assert.deepEqual(sent(), [
    { TableName: "items-table", Key: { id: "pencil" }, ConditionExpression: "attribute_exists(id)" },
  ]);
});

test("finds no item with another id", async () => {
  const error = new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
  dynamodb.on(DeleteCommand).rejects(error);

  assert.deepEqual(await lambdaHandler(event), problem(404, "Not Found", "there is no item with this id"));
});

test("fails with any other error of DynamoDB", async () => {
  dynamodb.on(DeleteCommand).rejects(new Error("the table does not exist"));

  await assert.rejects(lambdaHandler(event), /the table does not exist/);
});

for (const id of ["1", "aZ09_-", "a".repeat(100)]) {
  test(`accepts an id: ${id}`, async () => {
    dynamodb.on(DeleteCommand).resolves({});

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
