//! Calls the API of a deployed stack.

mod stack;

use std::time::SystemTime;

use serde_json::{Value, json};

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    // An id that no item has
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let id = format!("integration-test-{}", now.unwrap().as_nanos());
    let url = stack::url().replace("{id}", &id);

    let (status, body) = stack::send("DELETE", &url, "");

    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, body),
        (
            404,
            json!({
                "title": "Not Found",
                "status": 404,
                "detail": "there is no item with this id"
            })
        )
    );
}
