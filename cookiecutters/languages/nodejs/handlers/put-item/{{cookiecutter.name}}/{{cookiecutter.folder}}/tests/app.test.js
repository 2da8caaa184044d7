import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
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
const stored = () => dynamodb.commandCalls(PutCommand).map((call) => call.args[0].input);

/** @param {string} body */
const put = (body, id = "pencil") => lambdaHandler({ pathParameters: { id }, body });

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

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(PutCommand).resolves({});
});

test("stores an item if there is none with its id", async () => {
  assert.deepEqual(await lambdaHandler(event), {
    statusCode: 201,
    headers: { "Content-Type": "application/json" },
    body: '{"id":"pencil","name":"Pencil","quantity":3}',
  });
  assert.deepEqual(stored(), [
    {
      TableName: "items-table",
      Item: { id: "pencil", name: "Pencil", quantity: 3 },
      ConditionExpression: "attribute_not_exists(id)",
    },
  ]);
});

test("refuses an item if there is one with its id", async () => {
  const error = new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
  dynamodb.on(PutCommand).rejects(error);

  assert.deepEqual(await lambdaHandler(event), problem(409, "Conflict", "there is an item with this id already"));
});

test("fails with any other error of DynamoDB", async () => {
  dynamodb.on(PutCommand).rejects(new Error("the table does not exist"));

  await assert.rejects(lambdaHandler(event), /the table does not exist/);
});

for (const [name, quantity] of /** @type {const} */ ([
  ["a", 0],
  ["a".repeat(100), 2 ** 31 - 1],
  ["\u{1F58D}".repeat(100), 1],
])) {
  test(`accepts a quantity of ${quantity} and a name of ${[...name].length} characters`, async () => {
    const response = await put(JSON.stringify({ name, quantity, id: "other", color: "red" }));

    assert.equal(response.body, JSON.stringify({ id: "pencil", name, quantity }));
    assert.deepEqual(
      stored().map(({ Item }) => Item),
      [{ id: "pencil", name, quantity }],
    );
  });
}

for (const id of ["1", "aZ09_-", "a".repeat(100)]) {
  test(`accepts an id: ${id}`, async () => {
    const response = await put('{"name": "Pencil", "quantity": 3}', id);

    assert.equal(response.statusCode, 201);
    assert.deepEqual(
      stored().map(({ Item }) => Item?.id),
      [id],
    );
  });
}

for (const id of ["", "a b", "é", "a/b", "pencil\n", "a".repeat(101)]) {
  test(`refuses an id: ${JSON.stringify(id)}`, async () => {
    const response = await put('{"name": "Pencil", "quantity": 3}', id);

    assert.deepEqual(response, badRequest("id must have 1 to 100 letters, digits, hyphens or underscores"));
    assert.deepEqual(stored(), []);
  });
}

test("refuses a request without an id", async () => {
  const response = await lambdaHandler({ pathParameters: null, body: event.body });

  assert.deepEqual(response, badRequest("id must have 1 to 100 letters, digits, hyphens or underscores"));
});

test("takes a body of 1024 bytes and no more", async () => {
  const body = '{"name": "é", "quantity": 3}';
  const longest = body + " ".repeat(1024 - Buffer.byteLength(body));

  assert.equal((await put(longest)).statusCode, 201);
  const tooLarge = problem(413, "Content Too Large", "the body must not have more than 1024 bytes");
  assert.deepEqual(await put(`${longest} `), tooLarge);
  assert.equal(stored().length, 1);
});

for (const body of [null, "", "this is not JSON", "[]", "null", "3", '"{}"', "{} {}"]) {
  test(`refuses a body: ${body}`, async () => {
    const response = await lambdaHandler({ pathParameters: { id: "pencil" }, body });

    assert.deepEqual(response, badRequest("the body must be a JSON object"));
    assert.deepEqual(stored(), []);
  });
}

for (const name of ["", 5, true, null, undefined, ["Pencil"], "a".repeat(101), "\ud83d"]) {
  test(`refuses a name: ${JSON.stringify(name)}`, async () => {
    const response = await put(JSON.stringify({ name, quantity: 3 }));

    assert.deepEqual(response, badRequest("name must be a string of 1 to 100 characters"));
    assert.deepEqual(stored(), []);
  });
}

for (const quantity of [-1, 1.5, "3", true, null, undefined, 2 ** 31, 1e20]) {
  test(`refuses a quantity: ${JSON.stringify(quantity)}`, async () => {
    const response = await put(JSON.stringify({ name: "Pencil", quantity }));

    assert.deepEqual(response, badRequest("quantity must be an integer from 0 to 2147483647"));
    assert.deepEqual(stored(), []);
  });
}
