//! Imports the orders that are uploaded to a bucket.

use std::error::Error as StdError;
use std::iter;
use std::str::Utf8Error;

use aws_sdk_s3::Client;
use lambda_runtime::{Error, LambdaEvent, tracing};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What this function reads of the event. The whole event is `S3Event` in `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Event {
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

struct Order {
    order_id: String,
    quantity: i32,
}

impl Order {
    fn parse(body: &[u8]) -> Result<Self, Error> {
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|error| format!("parse the order: {error}"))?;
        let order_id = fields
            .get("orderId")
            .and_then(Value::as_str)
            .filter(|order_id| !order_id.is_empty())
            .ok_or("orderId must be a string that is not empty")?
            .to_owned();
        let quantity = fields
            .get("quantity")
            .and_then(Value::as_i64)
            .and_then(|quantity| i32::try_from(quantity).ok())
            .filter(|quantity| *quantity >= 1)
            .ok_or("quantity must be an integer from 1 to 2147483647")?;
        Ok(Self { order_id, quantity })
    }
}

/// The place for your own work, which returns the order's new status. The same order may come
/// twice: make this idempotent, for example by recording the order's id with a conditional write
/// before doing the work.
async fn process(_order: &Order) -> Result<&'static str, Error> {
    Ok("accepted")
}

/// Returns a key that is encoded as in an HTML form.
fn decode(key: &str) -> Result<String, Utf8Error> {
    let key = key.replace('+', " ");
    let key = percent_decode_str(&key).decode_utf8()?;
    Ok(key.into_owned())
}

/// Processes the order in an object and writes the result to `processed/`. S3 sends an event at
/// least once, and Lambda runs a failed one again: a repeated event replaces the result by the same
/// one, so it is harmless as long as nobody overwrites an upload.
async fn import(client: &Client, bucket: &str, key: &str) -> Result<(), Error> {
    let object = client.get_object().bucket(bucket).key(key).send().await?;
    let order = Order::parse(&object.body.collect().await?.into_bytes())?;
    let status = process(&order).await?;
    let Order { order_id, quantity } = order;
    let result = json!({ "orderId": order_id, "quantity": quantity, "status": status });
    let name = key.strip_prefix("incoming/").unwrap_or(key);
    client
        .put_object()
        .bucket(bucket)
        .key(format!("processed/{name}"))
        .content_type("application/json")
        .body(result.to_string().into_bytes().into())
        .send()
        .await?;
    tracing::info!(key, order_id, quantity, "order imported");
    Ok(())
}

/// Returns the error of the first object that fails; S3 sends one in an event. Lambda then runs the
/// event again, and in the end sends it to the failure queue:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
pub async fn handle(client: &Client, event: LambdaEvent<Event>) -> Result<(), Error> {
    for Record { s3 } in event.payload.records {
        let Entity { bucket, object } = s3;
        let key = decode(&object.key).map_err(|error| format!("object {}: {error}", object.key))?;
        import(client, &bucket.name, &key)
            .await
            .map_err(|error| format!("object {key}: {}", with_causes(&*error)))?;
    }
    Ok(())
}

/// Returns an error's message and those of its causes, which Lambda is not told of otherwise. The
/// errors of the AWS SDK say little without them.
fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let errors = iter::successors(Some(error), |&error| error.source());
    let mut messages: Vec<_> = errors.map(ToString::to_string).collect();
    messages.dedup(); // An error that the SDK has a type for repeats its cause.
    messages.join(": ")
}

#[cfg(test)]
mod tests {
    use std::io::{self, BufRead, BufReader};
    use std::sync::Arc;

    use aws_sdk_s3::error::ErrorMetadata;
    use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
    use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
    use aws_sdk_s3::primitives::ByteStream;
    use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};
    use lambda_runtime::Context;
    use lambda_runtime::tracing::subscriber::{fmt, util::SubscriberInitExt};

    use super::*;

{# As rustfmt breaks lines of more than 100 characters #}
{% for name, file in [("EVENT", "event.json"), ("BAD_EVENT", "bad.json")] %}
{% set path = "../../" ~ cookiecutter.events ~ "/" ~ file %}
{% if (name ~ path) | length <= 64 %}
    const {{ name }}: &str = include_str!("{{ path }}");
{% elif path | length <= 75 %}
    const {{ name }}: &str =
        include_str!("{{ path }}");
{% else %}
    const {{ name }}: &str = include_str!(
        "{{ path }}"
    );
{% endif %}
{% endfor %}
    const ORDER: &str = r#"{"orderId": "1001", "quantity": 2}"#;
    const RESULT: &str = r#"{"orderId":"1001","quantity":2,"status":"accepted"}"#;

    /// Returns what answers the request for an object of the bucket orders.
    fn get(key: &'static str, text: &'static str) -> Rule {
        mock!(Client::get_object)
            .match_requests(move |request| {
                request.bucket() == Some("orders") && request.key() == Some(key)
            })
            .then_output(move || {
                let body = ByteStream::from_static(text.as_bytes());
                GetObjectOutput::builder().body(body).build()
            })
    }

    /// Returns what lets the function write an object to the bucket orders.
    fn put(key: impl Into<String>, text: &'static str) -> Rule {
        let key = key.into();
        mock!(Client::put_object)
            .match_requests(move |request| {
                request.bucket() == Some("orders")
                    && request.key() == Some(&key)
                    && request.content_type() == Some("application/json")
                    && request.body().bytes() == Some(text.as_bytes())
            })
            .then_output(|| PutObjectOutput::builder().build())
    }

    /// Returns an event for objects of the bucket orders.
    fn event(keys: &[&str]) -> String {
        let record =
            |key| json!({ "s3": { "bucket": { "name": "orders" }, "object": { "key": key } } });
        let records: Vec<_> = keys.iter().map(record).collect();
        json!({ "Records": records }).to_string()
    }

    /// Returns what comes of an event that causes these requests, and the lines that are logged.
    async fn result_and_log(event: &str, rules: &[Rule]) -> (Result<(), Error>, Vec<Value>) {
        let event = serde_json::from_str(event).unwrap();
        let client = mock_client!(aws_sdk_s3, RuleMode::Sequential, rules);
        let (reader, writer) = io::pipe().unwrap();
        let logger = fmt().json().flatten_event(true).without_time();
        let logging = logger.with_writer(Arc::new(writer)).set_default();
        let result = handle(&client, LambdaEvent::new(event, Context::default())).await;
        drop(logging); // closes the pipe
        let lines = BufReader::new(reader).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        assert!(rules.iter().all(|rule| rule.num_calls() == 1), "{result:?}");
        (result, lines.collect())
    }

    #[tokio::test]
    async fn sample_event() {
        let rules = [
            get("incoming/1 a/b.json", ORDER),
            put("processed/1 a/b.json", RESULT),
        ];

        let (result, lines) = result_and_log(EVENT, &rules).await;

        result.unwrap();
        assert_eq!(
            json!(lines),
            json!([{
                "level": "INFO",
                "target": "bootstrap::handler",
                "message": "order imported",
                "key": "incoming/1 a/b.json",
                "order_id": "1001",
                "quantity": 2
            }])
        );
    }

    #[tokio::test]
    async fn bad_sample_event() {
        let rules = [get("incoming/bad.json", "this is not an order")];

        let (result, lines) = result_and_log(BAD_EVENT, &rules).await;

        let error = result.unwrap_err().to_string();
        assert!(error.starts_with("object incoming/bad.json: "), "{error}");
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[tokio::test]
    async fn keys() {
        for (encoded, key) in [
            ("incoming/3%C3%A9.json", "incoming/3é.json"),
            ("incoming/a%2Bb%25.json", "incoming/a+b%.json"),
            ("incoming/incoming/a.json", "incoming/incoming/a.json"),
        ] {
            let name = key.strip_prefix("incoming/").unwrap();
            let rules = [get(key, ORDER), put(format!("processed/{name}"), RESULT)];

            let (result, _) = result_and_log(&event(&[encoded]), &rules).await;

            assert!(result.is_ok(), "{encoded}: {result:?}");
        }
    }

    #[tokio::test]
    async fn a_key_that_is_not_utf8() {
        let (result, _) = result_and_log(&event(&["incoming/%FF.json"]), &[]).await;

        let error = result.unwrap_err().to_string();
        assert!(error.starts_with("object incoming/%FF.json: "), "{error}");
    }

    #[tokio::test]
    async fn several_objects() {
        let rules = [
            get("incoming/1.json", ORDER),
            put("processed/1.json", RESULT),
            get("incoming/2.json", r#"{"orderId": "1002", "quantity": 0}"#),
        ];
        let event = event(&["incoming/1.json", "incoming/2.json", "incoming/3.json"]);

        let (result, lines) = result_and_log(&event, &rules).await;

        assert_eq!(
            result.unwrap_err().to_string(),
            "object incoming/2.json: quantity must be an integer from 1 to 2147483647"
        );
        let keys: Vec<_> = lines.iter().map(|line| &line["key"]).collect();
        assert_eq!(keys, ["incoming/1.json"]);
    }

    #[tokio::test]
    async fn an_object_that_is_not_there() {
        // S3 says so to those who may not list the bucket.
        let missing = mock!(Client::get_object).then_error(|| {
            let error = ErrorMetadata::builder().code("AccessDenied");
            GetObjectError::generic(error.build())
        });

        let (result, _) = result_and_log(&event(&["incoming/gone.json"]), &[missing]).await;

        let error = result.unwrap_err().to_string();
        assert!(error.starts_with("object incoming/gone.json: "), "{error}");
        assert!(error.contains("AccessDenied"), "{error}");
    }

    #[tokio::test]
    async fn a_result_that_cannot_be_written() {
        let denied = mock!(Client::put_object).then_error(|| {
            let error = ErrorMetadata::builder().code("AccessDenied");
            PutObjectError::generic(error.build())
        });
        let rules = [get("incoming/1.json", ORDER), denied];

        let (result, lines) = result_and_log(&event(&["incoming/1.json"]), &rules).await;

        let error = result.unwrap_err().to_string();
        assert!(error.starts_with("object incoming/1.json: "), "{error}");
        assert!(error.contains("AccessDenied"), "{error}");
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn valid_orders() {
        for body in [
            r#"{"orderId": "1001", "quantity": 1}"#,
            r#"{"orderId": "1001", "quantity": 2147483647}"#,
            r#"{"orderId": "1001", "quantity": 2, "note": "for Alice"}"#,
        ] {
            assert!(Order::parse(body.as_bytes()).is_ok(), "{body}");
        }
    }

    #[test]
    fn invalid_orders() {
        for body in [
            "",
            "[]",
            "null",
            "{}",
            "this is not an order",
            r#"{"quantity": 2}"#,
            r#"{"orderId": "", "quantity": 2}"#,
            r#"{"orderId": "\ud800", "quantity": 2}"#,
            r#"{"orderId": 1001, "quantity": 2}"#,
            r#"{"orderId": "1001"}"#,
            r#"{"orderId": "1001", "quantity": 0}"#,
            r#"{"orderId": "1001", "quantity": -1}"#,
            r#"{"orderId": "1001", "quantity": 1.5}"#,
            r#"{"orderId": "1001", "quantity": 2.0}"#,
            r#"{"orderId": "1001", "quantity": 2e0}"#,
            r#"{"orderId": "1001", "quantity": "2"}"#,
            r#"{"orderId": "1001", "quantity": true}"#,
            r#"{"orderId": "1001", "quantity": null}"#,
            r#"{"orderId": "1001", "quantity": 2147483648}"#,
            r#"{"orderId": "1001", "quantity": 99999999999999999999}"#,
            r#"{"orderid": "1001", "quantity": 2}"#,
            r#"{"OrderId": "1001", "Quantity": 2}"#,
            r#"{"orderId": "1001", "quantity": 2} {}"#,
            r#"["1001", 2]"#,
        ] {
            assert!(Order::parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Order::parse(b"{\"orderId\": \"\xff\", \"quantity\": 2}").is_err());
    }
}
