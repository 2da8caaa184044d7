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
import { lambdaHandler } from "../app.ts";

test("greets whoever the request names", async () => {
  assert.deepEqual(await lambdaHandler(event), { message: "hello Ada" });
});

for (const request of [{}, { name: "" }]) {
  test(`greets the world for ${JSON.stringify(request)}`, async () => {
    assert.deepEqual(await lambdaHandler(request), { message: "hello world" });
  });
}
