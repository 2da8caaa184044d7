import assert from "node:assert/strict";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.ts";

test("the deployed API greets by the name in the path", { skip }, async () => {
  const response = await fetch(deployedUrl().replace("{name}", "Ada"));

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.deepEqual(await response.json(), { message: "hello Ada" });
});
