//! Calls the API of a deployed stack, with the SAM CLI's credentials and region.

use std::env;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    let stack = env::var("AWS_SAM_STACK_NAME").expect("AWS_SAM_STACK_NAME is not set");
    let url = stack_output(&stack, "{{ cookiecutter.function_pascal }}Api");

    let body = stdout_of(Command::new("curl").args(["--silent", "--show-error", "--fail", &url]));

    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "message": "hello world" }));
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
