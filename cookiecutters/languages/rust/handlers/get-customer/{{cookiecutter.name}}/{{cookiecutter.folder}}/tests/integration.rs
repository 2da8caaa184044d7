//! Calls the API of a deployed stack.

mod stack;

use serde_json::Value;

const ID: &str = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";

#[test]
#[ignore = "set AWS_SAM_STACK_NAME to test the deployed stack"]
fn deployed_stack() {
    let url = stack::url().replace("{id}", ID);

    let (status, body) = stack::send("GET", &url, "");

    assert_eq!(status, 200, "{body}");
    let customer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(customer["id"], ID);
    for field in [
        "/name",
        "/email",
        "/phone",
        "/address/street",
        "/address/city",
        "/address/postcode",
        "/address/country",
    ] {
        let text = customer.pointer(field).and_then(Value::as_str);
        assert!(text.is_some_and(|text| !text.is_empty()), "{field}: {body}");
    }
}
