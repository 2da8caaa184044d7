import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { lambdaHandler } from "../app.js";

const eventFile = new URL("../../events/event.json", import.meta.url);
const event = JSON.parse(await readFile(eventFile, "utf8"));

for (const name of ["Rumpelstiltskin", "Rumpelstiltskin".repeat(3)]) {
  test(`logs one line for ${name}`, async (t) => {
    const info = t.mock.method(console, "info", () => {});

    const response = await lambdaHandler({ ...event, queryStringParameters: { name } });

    // These fields and no other: a name is personal data, and nobody needs it in the log.
    const line = { status: response.statusCode, apiRequestId: event.requestContext.requestId };
    assert.deepEqual(
      info.mock.calls.map((call) => call.arguments),
      [[line]],
    );
  });
}
