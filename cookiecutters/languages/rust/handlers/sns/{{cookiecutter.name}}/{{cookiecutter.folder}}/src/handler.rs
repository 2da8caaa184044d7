//! Notifies the warehouse of the orders that a topic sends.

use std::error::Error as StdError;
use std::iter;

use lambda_runtime::{Error, LambdaEvent, tracing};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What this function reads of the event. The whole event is `SnsEvent` in `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Event {
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    sns: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    message_id: String,
    message: String,
}

struct Order {
    order_id: String,
    quantity: i32,
}

impl Order {
    fn parse(message: &str) -> Result<Self, Error> {
        let fields: Map<String, Value> =
            serde_json::from_str(message).map_err(|error| format!("parse the order: {error}"))?;
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

/// The place for your own work. SNS delivers a message at least once, and Lambda runs a failed
/// event again, so the same order may come twice: make this idempotent, for example by recording
/// the order's id with a conditional write before doing the work.
async fn process(order: &Order) -> Result<(), Error> {
    let Order { order_id, quantity } = order;
    tracing::info!(order_id, quantity, "warehouse notified");
    Ok(())
}

async fn process_message(message: &str) -> Result<(), Error> {
    process(&Order::parse(message)?).await
}

/// Returns the error of the first message that fails; SNS usually sends one in an event. Lambda
/// then runs the event again, and in the end sends it to the failure queue:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
pub async fn handle(event: LambdaEvent<Event>) -> Result<(), Error> {
    for Record { sns } in event.payload.records {
        process_message(&sns.message).await.map_err(|error| {
            let message_id = sns.message_id;
            format!("message {message_id}: {}", with_causes(&*error))
        })?;
    }
    Ok(())
}

/// Returns an error's message and those of its causes, which Lambda is not told of otherwise. The
/// errors of the AWS SDK say little without them.
fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let errors = iter::successors(Some(error), |&error| error.source());
    let messages: Vec<_> = errors.map(ToString::to_string).collect();
    messages.join(": ")
}

#[cfg(test)]
mod tests {
    use std::fmt::{Display, Formatter, Result as FmtResult};
    use std::io::{self, BufRead, BufReader};
    use std::sync::Arc;

    use lambda_runtime::Context;
    use lambda_runtime::tracing::subscriber::{fmt, util::SubscriberInitExt};
    use serde_json::json;

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

    /// Returns what comes of an event, and the lines that are logged.
    async fn result_and_log(event: Event) -> (Result<(), Error>, Vec<Value>) {
        let (reader, writer) = io::pipe().unwrap();
        let logger = fmt().json().flatten_event(true).without_time();
        let logging = logger.with_writer(Arc::new(writer)).set_default();
        let result = handle(LambdaEvent::new(event, Context::default())).await;
        drop(logging); // closes the pipe
        let lines = BufReader::new(reader).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        (result, lines.collect())
    }

    /// Returns an event with messages, each an id and a text.
    fn event(messages: &[(&str, &str)]) -> Event {
        let record = |(id, text)| json!({ "Sns": { "MessageId": id, "Message": text } });
        let records: Vec<_> = messages.iter().copied().map(record).collect();
        serde_json::from_value(json!({ "Records": records })).unwrap()
    }

    #[tokio::test]
    async fn sample_event() {
        let (result, lines) = result_and_log(serde_json::from_str(EVENT).unwrap()).await;

        result.unwrap();
        assert_eq!(
            json!(lines),
            json!([{
                "level": "INFO",
                "target": "bootstrap::handler",
                "message": "warehouse notified",
                "order_id": "1001",
                "quantity": 2
            }])
        );
    }

    #[tokio::test]
    async fn bad_sample_event() {
        let (result, lines) = result_and_log(serde_json::from_str(BAD_EVENT).unwrap()).await;

        let error = result.unwrap_err().to_string();
        assert!(
            error.starts_with("message 2e1424d4-f796-459a-8184-9c92662be6da: "),
            "{error}"
        );
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[tokio::test]
    async fn several_messages() {
        let event = event(&[
            ("first", r#"{"orderId": "1001", "quantity": 2}"#),
            ("second", r#"{"orderId": "1002", "quantity": 0}"#),
            ("third", r#"{"orderId": "1003", "quantity": 3}"#),
        ]);

        let (result, lines) = result_and_log(event).await;

        assert_eq!(
            result.unwrap_err().to_string(),
            "message second: quantity must be an integer from 1 to 2147483647"
        );
        let order_ids: Vec<_> = lines.iter().map(|line| &line["order_id"]).collect();
        assert_eq!(order_ids, ["1001"]);
    }

    #[tokio::test]
    async fn valid_orders() {
        for text in [
            r#"{"orderId": "1001", "quantity": 1}"#,
            r#"{"orderId": "1001", "quantity": 2147483647}"#,
            r#"{"orderId": "1001", "quantity": 2, "note": "for Alice"}"#,
        ] {
            let (result, _) = result_and_log(event(&[("good", text)])).await;

            assert!(result.is_ok(), "{text}: {result:?}");
        }
    }

    #[tokio::test]
    async fn invalid_orders() {
        for text in [
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
            let (result, lines) = result_and_log(event(&[("bad", text)])).await;

            let error = result.expect_err(text).to_string();
            assert!(error.starts_with("message bad: "), "{text}: {error}");
            assert!(lines.is_empty(), "{text}: {lines:?}");
        }
    }

    /// An error with a cause, as those of the AWS SDK are.
    #[derive(Debug)]
    struct ServiceError(io::Error);

    impl Display for ServiceError {
        fn fmt(&self, formatter: &mut Formatter) -> FmtResult {
            formatter.write_str("service error")
        }
    }

    impl StdError for ServiceError {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn causes() {
        let error = ServiceError(io::Error::other("access denied"));

        assert_eq!(with_causes(&error), "service error: access denied");
    }
}
