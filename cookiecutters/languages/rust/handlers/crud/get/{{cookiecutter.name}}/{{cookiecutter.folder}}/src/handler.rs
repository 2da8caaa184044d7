//! Answers GET /{{ cookiecutter.path }}.

mod api;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::http::StatusCode;
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};

use api::{is_id, refuse, respond, with_causes};

/// What this function reads of the event. The whole event is `ApiGatewayV2httpRequest` in
/// `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    path_parameters: Option<PathParameters>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PathParameters {
    id: String,
}

/// What the table has of an item, and the API returns.
#[derive(Deserialize, Serialize)]
struct Item {
    id: String,
    name: String,
    quantity: i32,
    version: i64,
}

/// Answers with the item that has the id in the path. The event and the response are those of
/// Amazon API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
pub async fn handle(
    client: &Client,
    table: &str,
    event: LambdaEvent<Event>,
) -> Result<ApiGatewayV2httpResponse, Error> {
    let PathParameters { id } = event.payload.path_parameters.unwrap_or_default();
    if !is_id(&id) {
        let detail = "id must have 1 to 100 letters, digits, hyphens or underscores";
        return refuse(StatusCode::BAD_REQUEST, detail);
    }
    let found = client
        .get_item()
        .table_name(table)
        .key("id", AttributeValue::S(id.clone()))
        .consistent_read(true) // so that those who have just stored the item find it
        .send()
        .await
        .map_err(|error| format!("get item {id}: {}", with_causes(&error)))?;
    let Some(attributes) = found.item else {
        return refuse(StatusCode::NOT_FOUND, "there is no item with this id");
    };
    let item: Item =
        serde_dynamo::from_item(attributes).map_err(|error| format!("read item {id}: {error}"))?;
    respond(StatusCode::OK, "application/json", &item)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
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

    /// Returns a client that may ask for one item, and finds these attributes.
    fn client_for(id: &str, attributes: &[(&str, AttributeValue)]) -> Client {
        let key = HashMap::from([("id".to_owned(), AttributeValue::S(id.to_owned()))]);
        let found: HashMap<_, _> = attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let found = (!found.is_empty()).then_some(found);
        let get = mock!(Client::get_item)
            .match_requests(move |request| {
                request.table_name() == Some("items")
                    && request.key() == Some(&key)
                    && request.consistent_read() == Some(true)
            })
            .then_output(move || GetItemOutput::builder().set_item(found.clone()).build());
        mock_client!(aws_sdk_dynamodb, [&get])
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

    async fn get(client: &Client, id: &str) -> Value {
        let event = json!({ "pathParameters": { "id": id } }).to_string();
        call(client, &event).await.unwrap()
    }

    fn bad_request(detail: &str) -> Value {
        let body = format!(r#"{% raw %}{{"title":"Bad Request","status":400,"detail":"{detail}"}}{% endraw %}"#);
        response(400, "application/problem+json", &body)
    }

    #[tokio::test]
    async fn sample_event() {
        let attributes = [
            ("version", AttributeValue::N("2147483648".to_owned())),
            ("quantity", AttributeValue::N("3".to_owned())),
            ("name", AttributeValue::S("Pencil".to_owned())),
            ("id", AttributeValue::S("pencil".to_owned())),
        ];
        let client = client_for("pencil", &attributes);

        assert_eq!(
            call(&client, EVENT).await.unwrap(),
            response(
                200,
                "application/json",
                r#"{"id":"pencil","name":"Pencil","quantity":3,"version":2147483648}"#
            )
        );
    }

    #[tokio::test]
    async fn no_item() {
        for id in ["1", "aZ09_-", &"a".repeat(100)] {
            assert_eq!(
                get(&client_for(id, &[]), id).await,
                response(
                    404,
                    "application/problem+json",
                    r#"{"title":"Not Found","status":404,"detail":"there is no item with this id"}"#
                ),
                "{id}"
            );
        }
    }

    #[tokio::test]
    async fn what_else_dynamodb_refuses() {
        let denied = mock!(Client::get_item).then_error(|| {
            let error = ErrorMetadata::builder().code("AccessDeniedException");
            GetItemError::generic(error.build())
        });
        let client = mock_client!(aws_sdk_dynamodb, [&denied]);

        let error = call(&client, EVENT).await.unwrap_err().to_string();

        assert!(error.starts_with("get item pencil: "), "{error}");
        assert!(error.contains("AccessDeniedException"), "{error}");
    }

    #[tokio::test]
    async fn bad_ids() {
        for id in ["", "a b", "a/b", "a\n", "é", &"a".repeat(101)] {
            assert_eq!(
                get(&no_client(), id).await,
                bad_request("id must have 1 to 100 letters, digits, hyphens or underscores"),
                "{id}"
            );
        }
        for event in ["{}", r#"{"pathParameters": {}}"#] {
            let response = call(&no_client(), event).await.unwrap();

            assert_eq!(response["statusCode"], 400, "{event}");
        }
    }
}
