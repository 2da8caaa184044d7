//! Calls the API of a deployed stack, with the SAM CLI's credentials and region.

use std::env;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// The output of the stack that has the function's URL
const API: &str = "{{ cookiecutter.function_pascal }}Api";

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    let stack = env::var("AWS_SAM_STACK_NAME").expect("AWS_SAM_STACK_NAME is not set");
    let url = stack_output(&stack, API);

    let body = get(&url);

    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "message": "hello world" }));
}

/// Returns the body that a URL answers with, whose status must be 200.
fn get(url: &str) -> String {
    let text = stdout_of(
        Command::new("curl")
            .args(["--silent", "--show-error", "--write-out", "\n%{http_code}"])
            .arg(url),
    );
    let (body, status) = text.rsplit_once('\n').unwrap();
    assert_eq!(status, "200", "{body}");
    body.to_owned()
}

/// Returns the value of one of a stack's outputs.
fn stack_output(stack: &str, key: &str) -> String {
    let sam = if cfg!(windows) { "sam.cmd" } else { "sam" };
    let text = stdout_of(
        Command::new(sam)
            .args(["list", "stack-outputs", "--output", "json", "--stack-name"])
            .arg(stack)
            .current_dir(".."), // where samconfig.toml is
    );
    let outputs: Value = serde_json::from_str(&text).unwrap();
    let mut outputs = outputs.as_array().unwrap().iter();
    let output = outputs.find(|output| output["OutputKey"] == key);
    let output = output.unwrap_or_else(|| panic!("stack {stack} has no output {key}"));
    output["OutputValue"].as_str().unwrap().to_owned()
}

/// Runs a command, which must succeed, and returns what it printed.
fn stdout_of(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
