// The function is called as Lambda calls it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const context = {
  functionName: "{{ cookiecutter.function }}",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:{{ cookiecutter.function }}",
  memoryLimitInMB: "{{ cookiecutter.memory }}",
  awsRequestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
  logGroupName: "/aws/lambda/{{ cookiecutter.function }}",
  logStreamName: "2026/01/01/[$LATEST]58419525dade4d17a495dceeeed44708",
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => {{ cookiecutter.timeout }} * 1000,
};

/** Returns the answer of a handler, which may call back where it is not async. */
function answerOf(handler, event) {
  return new Promise((resolve, reject) => {
    const result = handler(event, context, (error, answer) => (error ? reject(error) : resolve(answer)));
    if (result !== undefined || handler.length < 3) {
      resolve(result);
    }
  });
}

test("it answers the sample event", async () => {
  const files = [".js", ".mjs", ".cjs"].map((ending) => new URL(`{{ cookiecutter.folder }}/{{ cookiecutter.own.module }}${ending}`, root));
  const handlers = await import(files.find((file) => existsSync(file)));
  const event = JSON.parse(readFileSync(new URL("{{ cookiecutter.event }}", root), "utf8"));

  const answer = await answerOf(handlers["{{ cookiecutter.own.name }}"], event);

  JSON.stringify(answer); // Lambda returns nothing else
{% if cookiecutter.http %}
  assert.ok("statusCode" in answer, "API Gateway answers 502 without a statusCode");
{% else %}
  assert.notEqual(typeof answer, "function");
{% endif %}
});
