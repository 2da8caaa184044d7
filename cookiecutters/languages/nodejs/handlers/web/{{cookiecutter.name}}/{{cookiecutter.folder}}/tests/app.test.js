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
import { buildServer } from "../server.js";

const server = buildServer();

test("the sample event asks for a greeting", async () => {
  const response = await server.inject(event.rawPath);

  assert.deepEqual(response.json(), { message: "hello Ada" });
});

for (const name of ["Ada", "Zoë", "a b", "x".repeat(100), "😀".repeat(100)]) {
  test(`greets ${name}`, async () => {
    const response = await server.inject(`/greetings/${encodeURIComponent(name)}`);

    assert.equal(response.statusCode, 200);
    assert.equal(response.headers["content-type"], "application/json; charset=utf-8");
    assert.deepEqual(response.json(), { message: `hello ${name}` });
  });
}

for (const name of ["x".repeat(101), "😀".repeat(101)]) {
  test(`refuses a long name: ${name}`, async () => {
    const response = await server.inject(`/greetings/${encodeURIComponent(name)}`);

    assert.equal(response.statusCode, 400);
    assert.match(response.json().message, /name must NOT have more than 100 characters/);
  });
}

for (const path of ["/", "/greetings", "/greetings/", "/greetings/a/b"]) {
  test(`knows no other path: ${path}`, async () => {
    assert.equal((await server.inject(path)).statusCode, 404);
  });
}

test("is healthy", async () => {
  assert.equal((await server.inject("/health")).statusCode, 200);
});
