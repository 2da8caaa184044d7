import assert from "node:assert/strict";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.js";

test("the deployed API lists items", { skip }, async () => {
  const response = await fetch(`${deployedUrl()}?limit=1`);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  const { items } = JSON.parse(await response.text());
  assert.ok(Array.isArray(items));
});
