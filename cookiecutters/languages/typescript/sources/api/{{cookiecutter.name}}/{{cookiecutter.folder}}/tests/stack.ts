import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

const stack = process.env.AWS_SAM_STACK_NAME ?? "";
/** Why the tests of the deployed stack are skipped; false where they are not. */
export const skip = stack === "" && "set AWS_SAM_STACK_NAME to test the deployed stack";

/** Returns the URL of the deployed API. */
export const deployedUrl = (): string => {
  const key = "{{ cookiecutter.function_pascal }}Api";
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
