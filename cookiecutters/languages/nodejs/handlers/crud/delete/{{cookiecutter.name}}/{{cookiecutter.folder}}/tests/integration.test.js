import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.js";

test("the deployed API deletes no item with a new id", { skip }, async () => {
  const url = deployedUrl().replace("{id}", randomUUID());

  const response = await fetch(url, { method: "DELETE" });

  assert.equal(response.status, 404);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
});
