//! Calls the API of a deployed stack.

mod stack;

use serde_json::{Value, json};

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    let url = stack::url().replace("{id}", "integration-test");

    let (status, body) = stack::send("PUT", &url, r#"{"name": "Pencil", "quantity": 3}"#);

    let body: Value = serde_json::from_str(&body).unwrap();
    match status {
        201 => assert_eq!(
            body,
            json!({ "id": "integration-test", "name": "Pencil", "quantity": 3 })
        ),
        // The item of an earlier test
        409 => assert_eq!(body["detail"], "there is an item with this id already"),
        _ => panic!("{status}: {body}"),
    }
}
