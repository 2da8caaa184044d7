import assert from "node:assert/strict";
import { test } from "node:test";

import event from "../../events/{{ cookiecutter.folder }}/event.json" with { type: "json" };
import { lambdaHandler } from "../app.ts";

test("greets whoever calls", async () => {
  const response = await lambdaHandler(event);

  assert.deepEqual(response, {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: '{"message":"hello world"}',
  });
});
