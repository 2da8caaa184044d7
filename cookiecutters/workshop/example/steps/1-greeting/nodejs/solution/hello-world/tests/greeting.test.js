import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { lambdaHandler } from "../app.js";

const eventFile = new URL("../../events/event.json", import.meta.url);
const event = JSON.parse(await readFile(eventFile, "utf8"));

for (const [query, message] of [
  [{ name: "Ada" }, "hello Ada"],
  [{ name: "Zoë", color: "green" }, "hello Zoë"],
  [{ color: "green" }, "hello world"],
  // What API Gateway sends where there is no query string.
  [null, "hello world"],
]) {
  test(`answers ${JSON.stringify(query)}`, async () => {
    const response = await lambdaHandler({ ...event, queryStringParameters: query });

    assert.equal(response.statusCode, 200);
    assert.deepEqual(JSON.parse(response.body), { message });
  });
}
