import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { lambdaHandler } from "../app.js";

const eventFile = new URL("../../events/event.json", import.meta.url);
const event = JSON.parse(await readFile(eventFile, "utf8"));

for (const [name, status] of [
  ["Ada Lovelace", 200],
  ["x".repeat(40), 200],
  ["x".repeat(41), 400],
  ["", 400],
  [" ", 400],
  ["Ada\nLovelace", 400],
  ["Ada\tLovelace", 400],
]) {
  test(`answers ${status} to ${JSON.stringify(name)}`, async () => {
    const response = await lambdaHandler({ ...event, queryStringParameters: { name } });

    assert.equal(response.statusCode, status);
    assert.equal(response.headers?.["Content-Type"], "application/json");
    // A refusal says what is wrong, in the same form as a greeting.
    const { message } = JSON.parse(response.body);
    assert.equal(message.startsWith("hello "), status === 200);
  });
}
