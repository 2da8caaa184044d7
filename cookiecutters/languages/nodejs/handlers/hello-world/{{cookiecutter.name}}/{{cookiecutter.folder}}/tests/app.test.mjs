import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { lambdaHandler } from "../app.mjs";

const eventFile = new URL("../../events/{{ cookiecutter.folder }}/event.json", import.meta.url);

test("greets whoever calls", async () => {
  const event = JSON.parse(await readFile(eventFile, "utf8"));

  const response = await lambdaHandler(event);

  assert.equal(response.statusCode, 200);
  assert.equal(response.headers["Content-Type"], "application/json");
  assert.deepEqual(JSON.parse(response.body), { message: "hello world" });
});
