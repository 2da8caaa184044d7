//! Answers PUT /{{ cookiecutter.path }}.

mod api;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::http::StatusCode;
use aws_sdk_dynamodb::{Client, operation::put_item::PutItemError, types::AttributeValue};
use base64::{Engine, prelude::BASE64_STANDARD};
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use api::{is_id, refuse, respond, with_causes};

/// What this function reads of the event. The whole event is `ApiGatewayV2httpRequest` in
/// `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    path_parameters: Option<PathParameters>,
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PathParameters {
    id: String,
}

/// What a body asks for. The version is that of the item to replace; without one, the item is new.
struct Request {
    name: String,
    quantity: i32,
    version: Option<i32>,
}

impl Request {
    /// Reads a request's body, or returns what is wrong with it.
    fn parse(body: &str, is_base64_encoded: bool) -> Result<Self, &'static str> {
        let fields =
            parse_object(body, is_base64_encoded).ok_or("the body must be a JSON object")?;
        let name = fields
            .get("name")
            .and_then(Value::as_str)
            .filter(|name| (1..=100).contains(&name.chars().count()))
            .ok_or("name must be a string of 1 to 100 characters")?
            .to_owned();
        let quantity = fields
            .get("quantity")
            .and_then(|quantity| parse_integer(quantity, 0))
            .ok_or("quantity must be an integer from 0 to 2147483647")?;
        let version = match fields.get("version") {
            None => None,
            Some(version) => Some(
                parse_integer(version, 1)
                    .ok_or("version must be an integer from 1 to 2147483647")?,
            ),
        };
        Ok(Self {
            name,
            quantity,
            version,
        })
    }
}

/// Reads a body, which API Gateway encodes unless it takes it for text.
fn parse_object(body: &str, is_base64_encoded: bool) -> Option<Map<String, Value>> {
    if is_base64_encoded {
        serde_json::from_slice(&BASE64_STANDARD.decode(body).ok()?).ok()
    } else {
        serde_json::from_str(body).ok()
    }
}

fn parse_integer(value: &Value, least: i32) -> Option<i32> {
    let number = i32::try_from(value.as_i64()?).ok()?;
    (number >= least).then_some(number)
}

/// What the table has of an item, and the API returns.
#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    quantity: i32,
    version: i64,
}

/// Stores the item in the body under the id in the path. It replaces one only for those who send
/// the version that they have read, so that nobody overwrites what somebody else has written
/// meanwhile. An item that was deleted and stored again begins at version 1 again, though. The event
/// and the response are those of Amazon API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
pub async fn handle(
    client: &Client,
    table: &str,
    event: LambdaEvent<Event>,
) -> Result<ApiGatewayV2httpResponse, Error> {
    let Event {
        path_parameters,
        body,
        is_base64_encoded,
    } = event.payload;
    let PathParameters { id } = path_parameters.unwrap_or_default();
    if !is_id(&id) {
        let detail = "id must have 1 to 100 letters, digits, hyphens or underscores";
        return refuse(StatusCode::BAD_REQUEST, detail);
    }
    let request = match Request::parse(&body.unwrap_or_default(), is_base64_encoded) {
        Ok(request) => request,
        Err(detail) => return refuse(StatusCode::BAD_REQUEST, detail),
    };
    let Request {
        name,
        quantity,
        version,
    } = request;
    let item = Item {
        id,
        name,
        quantity,
        version: version.map_or(1, |version| i64::from(version) + 1),
    };
    match (store(client, table, &item, version).await?, version) {
        (true, None) => respond(StatusCode::CREATED, "application/json", &item),
        (true, Some(_)) => respond(StatusCode::OK, "application/json", &item),
        (false, None) => refuse(
            StatusCode::CONFLICT,
            "there is an item with this id already; send its version to replace it",
        ),
        (false, Some(_)) => refuse(
            StatusCode::CONFLICT,
            "the item does not have this version any more",
        ),
    }
}

/// Stores an item and returns true, or false if the table has another version of it than the one to
/// replace. Without such a version, it must have none.
async fn store(
    client: &Client,
    table: &str,
    item: &Item,
    version: Option<i32>,
) -> Result<bool, Error> {
    let request = client
        .put_item()
        .table_name(table)
        .set_item(Some(serde_dynamo::to_item(item)?));
    // DynamoDB decides, since another request may come between reading and writing.
    let request = match version {
        None => request.condition_expression("attribute_not_exists(id)"),
        Some(version) => request
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
    };
    match request.send().await {
        Ok(_) => Ok(true),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
        {
            // Also if the SDK's retry finds what its own first attempt has stored
            Ok(false)
        }
        Err(error) => Err(format!("put item {}: {}", item.id, with_causes(&error)).into()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
    use aws_sdk_dynamodb::types::error::ConditionalCheckFailedException;
    use aws_smithy_mocks::{mock, mock_client};
    use lambda_runtime::Context;
    use serde_json::json;

    use super::*;

{# As rustfmt breaks lines of more than 100 characters #}
{% if cookiecutter.events | length <= 42 %}
    const EVENT: &str = include_str!("../../{{ cookiecutter.events }}/event.json");
{% elif cookiecutter.events | length <= 58 %}
    const EVENT: &str =
        include_str!("../../{{ cookiecutter.events }}/event.json");
{% else %}
    const EVENT: &str = include_str!(
        "../../{{ cookiecutter.events }}/event.json"
    );
{% endif %}
    const BODY: &str = r#"{"name": "Pencil", "quantity": 3}"#;

    /// Returns a client that may store one item, and no other, in the place of a version of it.
    fn client_for(id: &str, name: &str, quantity: &str, replaced: Option<i32>) -> Client {
        let version = replaced.map_or(1, |version| i64::from(version) + 1);
        let attributes = HashMap::from([
            ("id".to_owned(), AttributeValue::S(id.to_owned())),
            ("name".to_owned(), AttributeValue::S(name.to_owned())),
            (
                "quantity".to_owned(),
                AttributeValue::N(quantity.to_owned()),
            ),
            ("version".to_owned(), AttributeValue::N(version.to_string())),
        ]);
        let condition = match replaced {
            None => "attribute_not_exists(id)",
            Some(_) => "version = :version",
        };
        let values = replaced.map(|version| {
            HashMap::from([(
                ":version".to_owned(),
                AttributeValue::N(version.to_string()),
            )])
        });
        let put = mock!(Client::put_item)
            .match_requests(move |request| {
                request.table_name() == Some("items")
                    && request.item() == Some(&attributes)
                    && request.condition_expression() == Some(condition)
                    && request.expression_attribute_values() == values.as_ref()
            })
            .then_output(|| PutItemOutput::builder().build());
        mock_client!(aws_sdk_dynamodb, [&put])
    }

    /// Returns a client whose conditions are not met.
    fn client_in_conflict() -> Client {
        let put = mock!(Client::put_item).then_error(|| {
            let failed = ConditionalCheckFailedException::builder().build();
            PutItemError::ConditionalCheckFailedException(failed)
        });
        mock_client!(aws_sdk_dynamodb, [&put])
    }

    /// Returns a client that must not be used.
    fn no_client() -> Client {
        mock_client!(aws_sdk_dynamodb, [])
    }

    async fn call(client: &Client, event: &str) -> Result<Value, Error> {
        let event = serde_json::from_str(event).unwrap();
        let event = LambdaEvent::new(event, Context::default());
        let response = handle(client, "items", event).await?;
        Ok(serde_json::to_value(response)?)
    }

    fn response(status: u16, content_type: &str, body: &str) -> Value {
        json!({
            "statusCode": status,
            "headers": { "content-type": content_type },
            "multiValueHeaders": {},
            "body": body,
            "isBase64Encoded": false,
            "cookies": []
        })
    }

    async fn put(client: &Client, id: &str, body: &str) -> Value {
        let event = json!({ "pathParameters": { "id": id }, "body": body }).to_string();
        call(client, &event).await.unwrap()
    }

    async fn put_encoded(client: &Client, body: &str) -> Value {
        let event = json!({
            "pathParameters": { "id": "pencil" },
            "body": body,
            "isBase64Encoded": true
        });
        call(client, &event.to_string()).await.unwrap()
    }

    fn conflict(detail: &str) -> Value {
        let body = format!(r#"{% raw %}{{"title":"Conflict","status":409,"detail":"{detail}"}}{% endraw %}"#);
        response(409, "application/problem+json", &body)
    }

    fn bad_request(detail: &str) -> Value {
        let body = format!(r#"{% raw %}{{"title":"Bad Request","status":400,"detail":"{detail}"}}{% endraw %}"#);
        response(400, "application/problem+json", &body)
    }

    #[tokio::test]
    async fn sample_event() {
        let client = client_for("pencil", "Pencil", "3", None);

        assert_eq!(
            call(&client, EVENT).await.unwrap(),
            response(
                201,
                "application/json",
                r#"{"id":"pencil","name":"Pencil","quantity":3,"version":1}"#
            )
        );
    }

    #[tokio::test]
    async fn replacement() {
        for (version, next) in [(1, 2), (7, 8), (2_147_483_647, 2_147_483_648_i64)] {
            let client = client_for("pencil", "Pencil", "3", Some(version));
            let body = json!({ "name": "Pencil", "quantity": 3, "version": version });

            let response = put(&client, "pencil", &body.to_string()).await;

            assert_eq!(response["statusCode"], 200, "{version}");
            assert_eq!(
                response["body"],
                format!(r#"{% raw %}{{"id":"pencil","name":"Pencil","quantity":3,"version":{next}}}{% endraw %}"#)
            );
        }
    }

    #[tokio::test]
    async fn conflicts() {
        assert_eq!(
            put(&client_in_conflict(), "pencil", BODY).await,
            conflict("there is an item with this id already; send its version to replace it")
        );
        let body = r#"{"name": "Pencil", "quantity": 3, "version": 7}"#;
        assert_eq!(
            put(&client_in_conflict(), "pencil", body).await,
            conflict("the item does not have this version any more")
        );
    }

    #[tokio::test]
    async fn encoded_bodies() {
        let client = client_for("pencil", "Pencil", "3", None);

        let response = put_encoded(&client, &BASE64_STANDARD.encode(BODY)).await;

        assert_eq!(response["statusCode"], 201);
        let not_utf8 = BASE64_STANDARD.encode(b"{\"name\": \"\xff\", \"quantity\": 3}");
        for body in [BODY, &not_utf8, ""] {
            assert_eq!(
                put_encoded(&no_client(), body).await,
                bad_request("the body must be a JSON object"),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn what_else_dynamodb_refuses() {
        let denied = mock!(Client::put_item).then_error(|| {
            let error = ErrorMetadata::builder().code("AccessDeniedException");
            PutItemError::generic(error.build())
        });
        let client = mock_client!(aws_sdk_dynamodb, [&denied]);

        let error = call(&client, EVENT).await.unwrap_err().to_string();

        assert!(error.starts_with("put item pencil: "), "{error}");
        assert!(error.contains("AccessDeniedException"), "{error}");
    }

    #[tokio::test]
    async fn valid_items() {
        for (id, name, quantity) in [
            ("1", "P", "0"),
            ("aZ09_-", "Pencil, \"HB\"", "2147483647"),
            (&"a".repeat(100), &"é".repeat(100), "3"),
        ] {
            let client = client_for(id, name, quantity, None);
            let body = format!(r#"{% raw %}{{"name": {}, "quantity": {quantity}}}{% endraw %}"#, json!(name));

            let response = put(&client, id, &body).await;

            assert_eq!(response["statusCode"], 201, "{id}: {body}");
        }
    }

    #[tokio::test]
    async fn bad_ids() {
        for id in ["", "a b", "a/b", "a\n", "é", &"a".repeat(101)] {
            assert_eq!(
                put(&no_client(), id, BODY).await,
                bad_request("id must have 1 to 100 letters, digits, hyphens or underscores"),
                "{id}"
            );
        }
        for event in ["{}", r#"{"pathParameters": {}}"#] {
            let response = call(&no_client(), event).await.unwrap();

            assert_eq!(response["statusCode"], 400, "{event}");
        }
    }

    #[tokio::test]
    async fn bad_bodies() {
        let long_name = format!(r#"{% raw %}{{"name": "{}", "quantity": 3}}{% endraw %}"#, "a".repeat(101));
        for (detail, bodies) in [
            (
                "the body must be a JSON object",
                &[
                    "",
                    "this is not JSON",
                    "null",
                    "[]",
                    r#"{"name": "\ud800", "quantity": 3}"#,
                    r#"{"name": "Pencil", "quantity": 3} {}"#,
                ][..],
            ),
            (
                "name must be a string of 1 to 100 characters",
                &[
                    "{}",
                    r#"{"quantity": 3}"#,
                    r#"{"name": "", "quantity": 3}"#,
                    r#"{"name": 5, "quantity": 3}"#,
                    r#"{"name": null, "quantity": 3}"#,
                    &long_name,
                ],
            ),
            (
                "quantity must be an integer from 0 to 2147483647",
                &[
                    r#"{"name": "Pencil"}"#,
                    r#"{"name": "Pencil", "quantity": -1}"#,
                    r#"{"name": "Pencil", "quantity": 1.5}"#,
                    r#"{"name": "Pencil", "quantity": "3"}"#,
                    r#"{"name": "Pencil", "quantity": true}"#,
                    r#"{"name": "Pencil", "quantity": null}"#,
                    r#"{"name": "Pencil", "quantity": 2147483648}"#,
                ],
            ),
            (
                "version must be an integer from 1 to 2147483647",
                &[
                    r#"{"name": "Pencil", "quantity": 3, "version": 0}"#,
                    r#"{"name": "Pencil", "quantity": 3, "version": 1.5}"#,
                    r#"{"name": "Pencil", "quantity": 3, "version": "1"}"#,
                    r#"{"name": "Pencil", "quantity": 3, "version": true}"#,
                    r#"{"name": "Pencil", "quantity": 3, "version": null}"#,
                    r#"{"name": "Pencil", "quantity": 3, "version": 2147483648}"#,
                ],
            ),
        ] {
            for body in bodies {
                assert_eq!(
                    put(&no_client(), "pencil", body).await,
                    bad_request(detail),
                    "{body}"
                );
            }
        }
        let event = r#"{"pathParameters": {"id": "pencil"}, "body": null}"#;
        assert_eq!(
            call(&no_client(), event).await.unwrap(),
            bad_request("the body must be a JSON object")
        );
    }
}
