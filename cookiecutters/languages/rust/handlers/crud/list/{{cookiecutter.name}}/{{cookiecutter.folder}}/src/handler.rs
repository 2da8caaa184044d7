//! Answers GET /{{ cookiecutter.path }}.

mod api;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::http::StatusCode;
use aws_sdk_dynamodb::Client;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};

use api::{is_id, refuse, respond, with_causes};

/// What this function reads of the event. The whole event is `ApiGatewayV2httpRequest` in
/// `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    query_string_parameters: Option<Query>,
}

#[derive(Default, Deserialize)]
struct Query {
    limit: Option<String>,
    next: Option<String>,
}

/// What the table has of an item, and the API returns.
#[derive(Deserialize, Serialize)]
struct Item {
    id: String,
    name: String,
    quantity: i32,
    version: i64,
}

/// Some items, and a token for those after them unless they are the last.
#[derive(Serialize)]
struct Page {
    items: Vec<Item>,
    next: Option<String>,
}

/// The key of an item in the table
#[derive(Deserialize, Serialize)]
struct Key {
    id: String,
}

impl Key {
    /// Returns the key as a token, which callers need not understand.
    fn encode(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.id)
    }

    fn decode(token: &str) -> Result<Self, Error> {
        let id = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token)?)?;
        if !is_id(&id) {
            return Err("the token is not that of an id".into());
        }
        Ok(Self { id })
    }
}

/// Answers with a page of the items, in no order. The event and the response are those of Amazon
/// API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
pub async fn handle(
    client: &Client,
    table: &str,
    event: LambdaEvent<Event>,
) -> Result<ApiGatewayV2httpResponse, Error> {
    let Query { limit, next } = event.payload.query_string_parameters.unwrap_or_default();
    let Some(limit) = limit.as_deref().map_or(Some(25), parse_limit) else {
        let detail = "limit must be an integer from 1 to 100";
        return refuse(StatusCode::BAD_REQUEST, detail);
    };
    let Ok(after) = next.as_deref().map(Key::decode).transpose() else {
        let detail = "next must be the next of an earlier answer";
        return refuse(StatusCode::BAD_REQUEST, detail);
    };
    let found = client
        .scan()
        .table_name(table)
        .limit(limit)
        .set_exclusive_start_key(after.map(serde_dynamo::to_item).transpose()?)
        .send()
        .await
        .map_err(|error| format!("scan the items: {}", with_causes(&error)))?;
    let last: Option<Key> = found
        .last_evaluated_key
        .map(serde_dynamo::from_item)
        .transpose()?;
    let page = Page {
        items: serde_dynamo::from_items(found.items.unwrap_or_default())?,
        next: last.map(|key| key.encode()),
    };
    respond(StatusCode::OK, "application/json", &page)
}

fn parse_limit(text: &str) -> Option<i32> {
    let limit: i32 = text.parse().ok()?;
    // +1 and 01 would be parsed as well.
    ((1..=100).contains(&limit) && limit.to_string() == text).then_some(limit)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::scan::{ScanError, ScanOutput};
    use aws_sdk_dynamodb::types::AttributeValue;
    use aws_smithy_mocks::{mock, mock_client};
    use lambda_runtime::Context;
    use serde_json::{Value, json};

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

    fn key(id: &str) -> HashMap<String, AttributeValue> {
        HashMap::from([("id".to_owned(), AttributeValue::S(id.to_owned()))])
    }

    fn attributes(id: &str) -> HashMap<String, AttributeValue> {
        let mut attributes = key(id);
        for (name, value) in [
            ("name", AttributeValue::S("Pencil".to_owned())),
            ("quantity", AttributeValue::N("3".to_owned())),
            ("version", AttributeValue::N("1".to_owned())),
        ] {
            attributes.insert(name.to_owned(), value);
        }
        attributes
    }

    /// Returns a client that may ask for items after an id, and finds these, which end at an id if
    /// there are more.
    fn client_for(limit: i32, after: Option<&str>, ids: &[&str], end: Option<&str>) -> Client {
        let after = after.map(key);
        let items: Vec<_> = ids.iter().map(|id| attributes(id)).collect();
        let end = end.map(key);
        let scan = mock!(Client::scan)
            .match_requests(move |request| {
                request.table_name() == Some("items")
                    && request.limit() == Some(limit)
                    && request.exclusive_start_key() == after.as_ref()
            })
            .then_output(move || {
                ScanOutput::builder()
                    .set_items(Some(items.clone()))
                    .set_last_evaluated_key(end.clone())
                    .build()
            });
        mock_client!(aws_sdk_dynamodb, [&scan])
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

    async fn list(client: &Client, query: Value) -> Value {
        let event = json!({ "queryStringParameters": query }).to_string();
        call(client, &event).await.unwrap()
    }

    fn page(body: &str) -> Value {
        response(200, "application/json", body)
    }

    fn bad_request(detail: &str) -> Value {
        let body = format!(r#"{% raw %}{{"title":"Bad Request","status":400,"detail":"{detail}"}}{% endraw %}"#);
        response(400, "application/problem+json", &body)
    }

    #[tokio::test]
    async fn sample_event() {
        let client = client_for(2, None, &["pen", "pencil"], Some("pencil"));

        assert_eq!(
            call(&client, EVENT).await.unwrap(),
            page(
                r#"{"items":[{"id":"pen","name":"Pencil","quantity":3,"version":1},{"id":"pencil","name":"Pencil","quantity":3,"version":1}],"next":"cGVuY2ls"}"#
            )
        );
    }

    #[tokio::test]
    async fn the_last_page() {
        let client = client_for(2, Some("pencil"), &["ruler"], None);

        assert_eq!(
            list(&client, json!({ "limit": "2", "next": "cGVuY2ls" })).await,
            page(
                r#"{"items":[{"id":"ruler","name":"Pencil","quantity":3,"version":1}],"next":null}"#
            )
        );
    }

    #[tokio::test]
    async fn any_item_may_be_the_last_of_a_page() {
        for id in [
            "1",
            "ab",
            "abc",
            "aZ09_-",
            &"-".repeat(100),
            &"a".repeat(99),
        ] {
            let client = client_for(1, None, &[id], Some(id));
            let first = list(&client, json!({ "limit": "1" })).await;
            let first: Value = serde_json::from_str(first["body"].as_str().unwrap()).unwrap();

            let client = client_for(25, Some(id), &[], None);
            let second = list(&client, json!({ "next": first["next"] })).await;

            assert_eq!(second, page(r#"{"items":[],"next":null}"#), "{id}: {first}");
        }
    }

    #[tokio::test]
    async fn no_limit() {
        for event in ["{}", r#"{"queryStringParameters": {}}"#] {
            let client = client_for(25, None, &[], None);

            let response = call(&client, event).await.unwrap();

            assert_eq!(response, page(r#"{"items":[],"next":null}"#), "{event}");
        }
    }

    #[tokio::test]
    async fn limits() {
        for limit in [1, 9, 10, 99, 100] {
            let client = client_for(limit, None, &[], None);

            let response = list(&client, json!({ "limit": limit.to_string() })).await;

            assert_eq!(response["statusCode"], 200, "{limit}");
        }
    }

    #[tokio::test]
    async fn what_else_dynamodb_refuses() {
        let denied = mock!(Client::scan).then_error(|| {
            let error = ErrorMetadata::builder().code("AccessDeniedException");
            ScanError::generic(error.build())
        });
        let client = mock_client!(aws_sdk_dynamodb, [&denied]);

        let error = call(&client, EVENT).await.unwrap_err().to_string();

        assert!(error.starts_with("scan the items: "), "{error}");
        assert!(error.contains("AccessDeniedException"), "{error}");
    }

    #[tokio::test]
    async fn bad_limits() {
        for limit in ["", "0", "101", "-1", "+1", "01", "1.5", "ten", "1 ", "1\n"] {
            assert_eq!(
                list(&no_client(), json!({ "limit": limit })).await,
                bad_request("limit must be an integer from 1 to 100"),
                "{limit}"
            );
        }
    }

    #[tokio::test]
    async fn bad_tokens() {
        for token in [
            "",
            "!",
            "é",
            "a",
            "cGVu!",
            "cG Vu",
            "cGVu\n",
            // "a b", an id of 101 letters, and a byte that is not UTF-8
            "YSBi",
            &BASE64_URL_SAFE_NO_PAD.encode("a".repeat(101)),
            "_w",
            // With padding, and with bits that mean nothing
            "MQ==",
            "MR",
        ] {
            assert_eq!(
                list(&no_client(), json!({ "next": token })).await,
                bad_request("next must be the next of an earlier answer"),
                "{token}"
            );
        }
    }
}
