//! A deployed stack, reached with the SAM CLI's credentials and region.

use std::env;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The output of the stack that has the function's URL
const API: &str = "{{ cookiecutter.function_pascal }}Api";

/// Sends a request with a body, which is JSON unless it is empty, and returns the status and the body
/// of the response.
pub fn send(method: &str, url: &str, body: &str) -> (u16, String) {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--write-out", "\n%{http_code}"]);
    curl.args(["--request", method, url]);
    if !body.is_empty() {
        curl.args(["--json", body]);
    }
    let text = stdout_of(&mut curl);
    let (body, status) = text.rsplit_once('\n').unwrap();
    (status.parse().unwrap(), body.to_owned())
}

/// Returns the URL of the API of the stack named `AWS_SAM_STACK_NAME`.
pub fn url() -> String {
    let stack = env::var("AWS_SAM_STACK_NAME").expect("AWS_SAM_STACK_NAME is not set");
    let sam = if cfg!(windows) { "sam.cmd" } else { "sam" };
    let text = stdout_of(
        Command::new(sam)
            .args(["list", "stack-outputs", "--output", "json", "--stack-name"])
            .arg(&stack)
            .current_dir(".."), // where samconfig.toml is
    );
    let outputs: Value = serde_json::from_str(&text).unwrap();
    let mut outputs = outputs.as_array().unwrap().iter();
    let output = outputs.find(|output| output["OutputKey"] == API);
    let output = output.unwrap_or_else(|| panic!("stack {stack} has no output {API}"));
    output["OutputValue"].as_str().unwrap().to_owned()
}

/// Runs a command, which must succeed, and returns what it printed.
fn stdout_of(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
