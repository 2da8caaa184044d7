import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

const stack = process.env.AWS_SAM_STACK_NAME ?? "";
const skip = stack === "" && "set AWS_SAM_STACK_NAME to test the deployed stack";

/** Returns the value of one of the stack's outputs. */
const stackOutput = (key: string): string => {
  const command = ["list", "stack-outputs", "--stack-name", stack, "--output", "json"];
  const text = execFileSync("sam", command, {
    // Where samconfig.toml is.
    cwd: new URL("../..", import.meta.url),
    encoding: "utf8",
    // Windows finds sam.cmd only with a shell.
    shell: process.platform === "win32",
  });
  const outputs: { OutputKey: string; OutputValue: string }[] = JSON.parse(text);
  const output = outputs.find(({ OutputKey }) => OutputKey === key);
  assert.ok(output, `stack ${stack} has no output ${key}`);
  return output.OutputValue;
};

test("the deployed API returns the customer with the id in the path", { skip }, async () => {
  const id = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";
  const url = stackOutput("{{ cookiecutter.function_pascal }}Api").replace("{id}", id);

  const response = await fetch(url);

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  const customer = JSON.parse(await response.text());
  assert.deepEqual(Object.keys(customer), ["id", "name", "email", "phone", "address"]);
  assert.equal(customer.id, id);
});
