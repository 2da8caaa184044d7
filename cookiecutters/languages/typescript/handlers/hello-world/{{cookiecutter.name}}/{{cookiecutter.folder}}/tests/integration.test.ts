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

test("the deployed API greets whoever calls", { skip }, async () => {
  const response = await fetch(stackOutput("{{ cookiecutter.function_pascal }}Api"));

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.deepEqual(await response.json(), { message: "hello world" });
});
