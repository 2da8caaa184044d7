import assert from "node:assert/strict";
import { test } from "node:test";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}
import { lambdaHandler } from "../app.js";

test("greets whoever calls", async () => {
  const response = await lambdaHandler(event);

  assert.deepEqual(response, {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: '{"message":"hello world"}',
  });
});
