//! Calls the API of a deployed stack.

mod stack;

use serde_json::{Value, json};

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    let (status, body) = stack::send("GET", &stack::url(), "");

    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "message": "hello world" }));
}
