import assert from "node:assert/strict";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.js";

test("the deployed API stores an item once", { skip }, async () => {
  const url = deployedUrl().replace("{id}", "integration-test");

  const response = await fetch(url, { method: "PUT", body: '{"name": "Pencil", "quantity": 3}' });

  // The item stays, so another run finds that of this one.
  assert.ok([201, 409].includes(response.status), `the status is ${response.status}`);
});
