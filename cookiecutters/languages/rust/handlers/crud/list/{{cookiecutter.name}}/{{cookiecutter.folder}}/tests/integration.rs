//! Calls the API of a deployed stack.

mod stack;

use serde_json::Value;

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    let url = format!("{}?limit=1", stack::url());

    let (status, body) = stack::send("GET", &url, "");

    assert_eq!(status, 200, "{body}");
    let page: Value = serde_json::from_str(&body).unwrap();
    let items = page["items"].as_array().unwrap();
    assert!(items.len() <= 1, "{body}");
}
