//! Calls the API of a deployed stack.

mod stack;

use std::time::SystemTime;

use serde_json::{Value, json};

const BODY: &str = r#"{"name": "Pencil", "quantity": 3, "version": 1}"#;

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    // An id that no item has
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let id = format!("integration-test-{}", now.unwrap().as_nanos());
    let url = stack::url().replace("{id}", &id);

    let (status, body) = stack::send("PUT", &url, BODY);

    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, body),
        (
            409,
            json!({
                "title": "Conflict",
                "status": 409,
                "detail": "the item does not have this version any more"
            })
        )
    );
}
