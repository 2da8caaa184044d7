//! Answers PUT /{{ cookiecutter.path }}, which stores each item once.

use std::error::Error as StdError;
use std::iter;

use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use aws_lambda_events::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use aws_sdk_dynamodb::{Client, operation::put_item::PutItemError};
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What this function reads of the event. The whole event is `ApiGatewayProxyRequest` in
/// `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    path_parameters: Option<PathParameters>,
    body: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PathParameters {
    id: String,
}

/// What the table has of an item, and the API returns.
#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    quantity: i32,
}

impl Item {
    /// Reads an item from a request's body, or returns what is wrong with that.
    fn parse(id: String, body: &str) -> Result<Self, &'static str> {
        let fields: Map<String, Value> =
            serde_json::from_str(body).map_err(|_| "the body must be a JSON object")?;
        let name = fields
            .get("name")
            .and_then(Value::as_str)
            .filter(|name| (1..=100).contains(&name.chars().count()))
            .ok_or("name must be a string of 1 to 100 characters")?
            .to_owned();
        let quantity = fields
            .get("quantity")
            .and_then(Value::as_i64)
            .and_then(|quantity| i32::try_from(quantity).ok())
            .filter(|quantity| *quantity >= 0)
            .ok_or("quantity must be an integer from 0 to 2147483647")?;
        Ok(Self { id, name, quantity })
    }
}

/// Tells a client what is wrong with its request: <https://www.rfc-editor.org/rfc/rfc9457>
#[derive(Serialize)]
struct Problem {
    title: &'static str,
    status: u16,
    detail: &'static str,
}

/// Stores the item in the body under the id in the path, unless there is one. The event and the
/// response are those of Amazon API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
pub async fn handle(
    client: &Client,
    table: &str,
    event: LambdaEvent<Event>,
) -> Result<ApiGatewayProxyResponse, Error> {
    let PathParameters { id } = event.payload.path_parameters.unwrap_or_default();
    if !is_id(&id) {
        return bad_request("id must have 1 to 100 letters, digits, hyphens or underscores");
    }
    let body = event.payload.body.unwrap_or_default();
    if body.len() > 1024 {
        return refuse(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Content Too Large",
            "the body must not have more than 1024 bytes",
        );
    }
    let item = match Item::parse(id, &body) {
        Ok(item) => item,
        Err(detail) => return bad_request(detail),
    };
    if !create(client, table, &item).await? {
        return refuse(
            StatusCode::CONFLICT,
            "Conflict",
            "there is an item with this id already",
        );
    }
    respond(StatusCode::CREATED, "application/json", &item)
}

fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Stores an item and returns true, or false if there is one with its id.
async fn create(client: &Client, table: &str, item: &Item) -> Result<bool, Error> {
    let result = client
        .put_item()
        .table_name(table)
        .set_item(Some(serde_dynamo::to_item(item)?))
        // DynamoDB decides, since another request may come between reading and writing.
        .condition_expression("attribute_not_exists(id)")
        .send()
        .await;
    match result {
        Ok(_) => Ok(true),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
        {
            // Also if the SDK's retry finds the item that its own first attempt has stored
            Ok(false)
        }
        Err(error) => Err(format!("put item {}: {}", item.id, with_causes(&error)).into()),
    }
}

/// Returns an error's message and those of its causes, which Lambda is not told of otherwise. The
/// errors of the AWS SDK say little without them.
fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let errors = iter::successors(Some(error), |&error| error.source());
    let mut messages: Vec<_> = errors.map(ToString::to_string).collect();
    messages.dedup(); // An error that the SDK has a type for repeats its cause.
    messages.join(": ")
}

fn bad_request(detail: &'static str) -> Result<ApiGatewayProxyResponse, Error> {
    refuse(StatusCode::BAD_REQUEST, "Bad Request", detail)
}

fn refuse(
    status: StatusCode,
    title: &'static str,
    detail: &'static str,
) -> Result<ApiGatewayProxyResponse, Error> {
    let problem = Problem {
        title,
        status: status.as_u16(),
        detail,
    };
    respond(status, "application/problem+json", &problem)
}

fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: &impl Serialize,
) -> Result<ApiGatewayProxyResponse, Error> {
    let mut response = ApiGatewayProxyResponse::default();
    response.status_code = status.as_u16().into();
    response
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(serde_json::to_string(body)?.into());
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
    use aws_sdk_dynamodb::types::AttributeValue;
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

    /// Returns a client that may store one item, and no other.
    fn client_for(id: &str, name: &str, quantity: &str) -> Client {
        let attributes = HashMap::from([
            ("id".to_owned(), AttributeValue::S(id.to_owned())),
            ("name".to_owned(), AttributeValue::S(name.to_owned())),
            (
                "quantity".to_owned(),
                AttributeValue::N(quantity.to_owned()),
            ),
        ]);
        let put = mock!(Client::put_item)
            .match_requests(move |request| {
                request.table_name() == Some("items")
                    && request.item() == Some(&attributes)
                    && request.condition_expression() == Some("attribute_not_exists(id)")
            })
            .then_output(|| PutItemOutput::builder().build());
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

    async fn put(client: &Client, id: &str, body: &str) -> Result<Value, Error> {
        let event = json!({ "pathParameters": { "id": id }, "body": body });
        call(client, &event.to_string()).await
    }

    fn response(status: u16, content_type: &str, body: &str) -> Value {
        json!({
            "statusCode": status,
            "headers": { "content-type": content_type },
            "multiValueHeaders": {},
            "body": body,
            "isBase64Encoded": false
        })
    }

    fn bad_request_with(detail: &str) -> Value {
        let body = format!(r#"{% raw %}{{"title":"Bad Request","status":400,"detail":"{detail}"}}{% endraw %}"#);
        response(400, "application/problem+json", &body)
    }

    #[tokio::test]
    async fn sample_event() {
        let client = client_for("pencil", "Pencil", "3");

        assert_eq!(
            call(&client, EVENT).await.unwrap(),
            response(
                201,
                "application/json",
                r#"{"id":"pencil","name":"Pencil","quantity":3}"#
            )
        );
    }

    #[tokio::test]
    async fn an_item_that_is_there() {
        let put_item = mock!(Client::put_item).then_error(|| {
            let failed = ConditionalCheckFailedException::builder().build();
            PutItemError::ConditionalCheckFailedException(failed)
        });
        let client = mock_client!(aws_sdk_dynamodb, [&put_item]);

        assert_eq!(
            call(&client, EVENT).await.unwrap(),
            response(
                409,
                "application/problem+json",
                r#"{"title":"Conflict","status":409,"detail":"there is an item with this id already"}"#
            )
        );
    }

    #[tokio::test]
    async fn what_else_dynamodb_refuses() {
        let put_item = mock!(Client::put_item).then_error(|| {
            let denied = ErrorMetadata::builder().code("AccessDeniedException");
            PutItemError::generic(denied.build())
        });
        let client = mock_client!(aws_sdk_dynamodb, [&put_item]);

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
            let body = format!(r#"{% raw %}{{"name": {}, "quantity": {quantity}}}{% endraw %}"#, json!(name));

            let response = put(&client_for(id, name, quantity), id, &body).await;

            assert_eq!(response.unwrap()["statusCode"], 201, "{id}: {body}");
        }
    }

    #[tokio::test]
    async fn bad_ids() {
        for id in ["", "a b", "a/b", "a\n", "é", &"a".repeat(101)] {
            assert_eq!(
                put(&no_client(), id, BODY).await.unwrap(),
                bad_request_with("id must have 1 to 100 letters, digits, hyphens or underscores"),
                "{id}"
            );
        }
        for event in [
            "{}",
            r#"{"pathParameters": null}"#,
            r#"{"pathParameters": {}}"#,
        ] {
            let response = call(&no_client(), event).await.unwrap();

            assert_eq!(response["statusCode"], 400, "{event}");
        }
    }

    #[tokio::test]
    async fn size_of_the_body() {
        // The first character has two bytes.
        let body = |bytes: usize| format!("é{}", "a".repeat(bytes - 2));

        assert_eq!(
            put(&no_client(), "pencil", &body(1025)).await.unwrap(),
            response(
                413,
                "application/problem+json",
                r#"{"title":"Content Too Large","status":413,"detail":"the body must not have more than 1024 bytes"}"#
            )
        );
        assert_eq!(
            put(&no_client(), "pencil", &body(1024)).await.unwrap(),
            bad_request_with("the body must be a JSON object")
        );
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
                    r#"["Pencil", 3]"#,
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
        ] {
            for body in bodies {
                assert_eq!(
                    put(&no_client(), "pencil", body).await.unwrap(),
                    bad_request_with(detail),
                    "{body}"
                );
            }
        }
        let event = r#"{"pathParameters": {"id": "pencil"}, "body": null}"#;
        assert_eq!(
            call(&no_client(), event).await.unwrap(),
            bad_request_with("the body must be a JSON object")
        );
    }
}
