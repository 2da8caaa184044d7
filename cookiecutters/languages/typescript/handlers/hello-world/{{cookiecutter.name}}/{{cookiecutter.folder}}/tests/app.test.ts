import assert from "node:assert/strict";
import { test } from "node:test";
import type { APIGatewayProxyEvent } from "aws-lambda";

import event from "../../events/{{ cookiecutter.folder }}/event.json";
import { lambdaHandler } from "../app";

test("greets whoever calls", async () => {
  // The sample leaves out parts of an event that nobody reads here.
  const response = await lambdaHandler(event as unknown as APIGatewayProxyEvent);

  assert.deepEqual(response, {
    statusCode: 200,
    headers: { "Content-Type": "application/json" },
    body: '{"message":"hello world"}',
  });
});
