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
const sent = () => dynamodb.commandCalls(PutCommand).map((call) => call.args[0].input);

/** @param {string} body */
const put = (body, id = "pencil", isBase64Encoded = false) =>
  lambdaHandler({ pathParameters: { id }, body, isBase64Encoded });

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

const conditionFailed = new ConditionalCheckFailedException({
  message: "The conditional request failed",
  $metadata: {},
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(PutCommand).resolves({});
});

test("creates an item if there is none with its id", async () => {
  assert.deepEqual(await lambdaHandler(event), {
    statusCode: 201,
    headers: { "Content-Type": "application/json" },
    body: '{"id":"pencil","name":"Pencil","quantity":3,"version":1}',
  });
  assert.deepEqual(sent(), [
    {
      TableName: "items-table",
      Item: { id: "pencil", name: "Pencil", quantity: 3, version: 1 },
      ConditionExpression: "attribute_not_exists(id)",
    },
  ]);
});

for (const version of [1, 7, 2 ** 31 - 1]) {
  test(`replaces an item that has version ${version}`, async () => {
    assert.deepEqual(await put(JSON.stringify({ name: "Pencil", quantity: 3, version })), {
      statusCode: 200,
      headers: { "Content-Type": "application/json" },
      body: `{"id":"pencil","name":"Pencil","quantity":3,"version":${version + 1}}`,
    });
    assert.deepEqual(sent(), [
      {
        TableName: "items-table",
        Item: { id: "pencil", name: "Pencil", quantity: 3, version: version + 1 },
        ConditionExpression: "version = :version",
        ExpressionAttributeValues: { ":version": version },
      },
    ]);
  });
}

for (const [body, detail] of /** @type {const} */ ([
  ['{"name": "Pencil", "quantity": 3}', "there is an item with this id already; send its version to replace it"],
  ['{"name": "Pencil", "quantity": 3, "version": 7}', "the item does not have this version any more"],
])) {
  test(`answers 409 if ${detail}`, async () => {
    dynamodb.on(PutCommand).rejects(conditionFailed);

    assert.deepEqual(await put(body), problem(409, "Conflict", detail));
  });

  test(`fails with any other error of DynamoDB: ${body}`, async () => {
    dynamodb.on(PutCommand).rejects(new Error("the table does not exist"));

    await assert.rejects(put(body), /the table does not exist/);
  });
}

test("decodes a body in Base64", async () => {
  const body = Buffer.from('{"name": "Crayon é", "quantity": 3}').toString("base64");

  const response = await put(body, "pencil", true);

  assert.equal(response.body, '{"id":"pencil","name":"Crayon é","quantity":3,"version":1}');
});

for (const bytes of [Buffer.from("this is not JSON"), Buffer.from('{"name": "\xe9", "quantity": 3}', "latin1")]) {
  test(`refuses a body in Base64: ${bytes.toString("latin1")}`, async () => {
    const response = await put(bytes.toString("base64"), "pencil", true);

    assert.deepEqual(response, badRequest("the body must be a JSON object"));
    assert.deepEqual(sent(), []);
  });
}

test("refuses a body that should be in Base64", async () => {
  const response = await put('{"name": "Pencil", "quantity": 3}', "pencil", true);

  assert.deepEqual(response, badRequest("the body must be a JSON object"));
});

for (const [name, quantity] of /** @type {const} */ ([
  ["a", 0],
  ["a".repeat(100), 2 ** 31 - 1],
  ["\u{1F58D}".repeat(100), 1],
])) {
  test(`accepts a quantity of ${quantity} and a name of ${[...name].length} characters`, async () => {
    const response = await put(JSON.stringify({ name, quantity, id: "other", color: "red" }));

    assert.equal(response.body, JSON.stringify({ id: "pencil", name, quantity, version: 1 }));
    assert.deepEqual(
      sent().map(({ Item }) => Item),
      [{ id: "pencil", name, quantity, version: 1 }],
    );
  });
}

for (const id of ["1", "aZ09_-", "a".repeat(100)]) {
  test(`accepts an id: ${id}`, async () => {
    const response = await put('{"name": "Pencil", "quantity": 3}', id);

    assert.equal(response.statusCode, 201);
    assert.deepEqual(
      sent().map(({ Item }) => Item?.id),
      [id],
    );
  });
}

for (const id of ["", "a b", "é", "a/b", "pencil\n", "a".repeat(101)]) {
  test(`refuses an id: ${JSON.stringify(id)}`, async () => {
    const response = await put('{"name": "Pencil", "quantity": 3}', id);

    assert.deepEqual(response, badRequest("id must have 1 to 100 letters, digits, hyphens or underscores"));
    assert.deepEqual(sent(), []);
  });
}

test("refuses a request without a body", async () => {
  const response = await lambdaHandler({ pathParameters: { id: "pencil" }, isBase64Encoded: false });

  assert.deepEqual(response, badRequest("the body must be a JSON object"));
});

for (const body of ["", "this is not JSON", "[]", "null", "3", '"{}"', "{} {}"]) {
  test(`refuses a body: ${body}`, async () => {
    assert.deepEqual(await put(body), badRequest("the body must be a JSON object"));
    assert.deepEqual(sent(), []);
  });
}

for (const name of ["", 5, true, null, undefined, ["Pencil"], "a".repeat(101), "\ud83d"]) {
  test(`refuses a name: ${JSON.stringify(name)}`, async () => {
    const response = await put(JSON.stringify({ name, quantity: 3 }));

    assert.deepEqual(response, badRequest("name must be a string of 1 to 100 characters"));
    assert.deepEqual(sent(), []);
  });
}

for (const quantity of [-1, 1.5, "3", true, null, undefined, 2 ** 31, 1e20]) {
  test(`refuses a quantity: ${JSON.stringify(quantity)}`, async () => {
    const response = await put(JSON.stringify({ name: "Pencil", quantity }));

    assert.deepEqual(response, badRequest("quantity must be an integer from 0 to 2147483647"));
    assert.deepEqual(sent(), []);
  });
}

for (const version of [0, -1, 1.5, "1", true, null, 2 ** 31]) {
  test(`refuses a version: ${JSON.stringify(version)}`, async () => {
    const response = await put(JSON.stringify({ name: "Pencil", quantity: 3, version }));

    assert.deepEqual(response, badRequest("version must be an integer from 1 to 2147483647"));
    assert.deepEqual(sent(), []);
  });
}
