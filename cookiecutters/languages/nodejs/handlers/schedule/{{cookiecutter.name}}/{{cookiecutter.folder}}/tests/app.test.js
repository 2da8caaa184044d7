import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

{# As Biome breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 60 %}
import event from "../../{{ cookiecutter.events }}/event.json" with { type: "json" };
{% else %}
import event from "../../{{ cookiecutter.events }}/event.json" with {
  type: "json",
};
{% endif %}
import { lambdaHandler } from "../app.js";

// Where it is another day than in UTC at the scheduled time.
process.env.TZ = "America/New_York";

const info = mock.method(console, "info", () => {});
const logged = () => info.mock.calls.map((call) => call.arguments);

beforeEach(() => info.mock.resetCalls());

test("reports on the day before the scheduled time", async () => {
  assert.deepEqual(await lambdaHandler(event), { day: "2026-02-28" });
});

test("logs what was reported on", async () => {
  await lambdaHandler(event);

  assert.deepEqual(logged(), [[{ message: "report made", day: "2026-02-28" }]]);
});

for (const [scheduledTime, day] of /** @type {const} */ ([
  ["2024-03-01T00:00:00Z", "2024-02-29"],
  ["2026-01-01T23:59:59Z", "2025-12-31"],
  ["2026-03-02T01:00:00+02:00", "2026-02-28"],
  ["2026-02-28T23:00:00-02:00", "2026-02-28"],
])) {
  test(`reports on ${day} at ${scheduledTime}`, async () => {
    assert.deepEqual(await lambdaHandler({ scheduledTime }), { day });
  });
}

for (const text of [
  "{}",
  '{"scheduledTime": null}',
  '{"scheduledTime": ""}',
  '{"scheduledTime": "tomorrow"}',
  '{"scheduledTime": "2026-03-01"}',
  '{"scheduledTime": "2026-03-01T02:00:00"}',
  '{"scheduledTime": "2026-02-30T02:00:00Z"}',
  '{"scheduledTime": "2026-03-32T02:00:00Z"}',
  '{"scheduledTime": "<aws.scheduler.scheduled-time>"}',
  '{"scheduledTime": 1772330400}',
]) {
  test(`fails without a scheduled time: ${text}`, async () => {
    await assert.rejects(lambdaHandler(JSON.parse(text)), /scheduledTime must be a time/);

    assert.deepEqual(logged(), []);
  });
}
