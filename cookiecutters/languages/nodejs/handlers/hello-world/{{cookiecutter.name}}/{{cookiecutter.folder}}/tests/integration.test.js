import assert from "node:assert/strict";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.js";

test("the deployed API greets whoever calls", { skip }, async () => {
  const response = await fetch(deployedUrl());

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.deepEqual(await response.json(), { message: "hello world" });
});
