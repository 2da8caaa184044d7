import assert from "node:assert/strict";
import { test } from "node:test";

import { deployedUrl, skip } from "./stack.ts";

test("the deployed API returns the customer with the id in the path", { skip }, async () => {
  const id = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";
  const url = deployedUrl().replace("{id}", id);

  const response = await fetch(url);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  const customer = JSON.parse(await response.text());
  assert.deepEqual(Object.keys(customer), ["id", "name", "email", "phone", "address"]);
  assert.equal(customer.id, id);
});
