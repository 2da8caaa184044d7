import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.ts";

test("the deployed API has no item with a new id", { skip }, async () => {
  const url = deployedUrl().replace("{id}", randomUUID());

  const response = await fetch(url);

  assert.equal(response.status, 404);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
});
