import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.js";

test("the deployed API replaces no item that is not there", { skip }, async () => {
  const url = deployedUrl().replace("{id}", randomUUID());

  const response = await fetch(url, { method: "PUT", body: '{"name": "Pencil", "quantity": 3, "version": 1}' });

  assert.equal(response.status, 409);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
});
