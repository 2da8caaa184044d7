//! Processes the orders that arrive in a queue.

use std::error::Error as StdError;
use std::iter;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::{Error, LambdaEvent, tracing};
use serde_json::{Map, Value};

struct Order {
    order_id: String,
    quantity: i32,
}

impl Order {
    fn parse(body: &str) -> Result<Self, Error> {
        let fields: Map<String, Value> =
            serde_json::from_str(body).map_err(|error| format!("parse the order: {error}"))?;
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

/// The place for your own work. SQS delivers a message at least once, so the same order may come
/// twice: make this idempotent, for example by recording the order's id with a conditional write
/// before doing the work. An error sends the message back to the queue.
async fn process(order: &Order) -> Result<(), Error> {
    let Order { order_id, quantity } = order;
    tracing::info!(order_id, quantity, "order processed");
    Ok(())
}

async fn process_message(message: &SqsMessage) -> Result<(), Error> {
    let body = message.body.as_deref().unwrap_or_default();
    process(&Order::parse(body)?).await
}

/// Returns the ids of the messages that failed, for SQS to deliver again; the others are deleted
/// from the queue:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>
pub async fn handle(event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Error> {
    let mut response = SqsBatchResponse::default();
    for message in event.payload.records {
        if let Err(error) = process_message(&message).await {
            let message_id = message.message_id.unwrap_or_default();
            tracing::error!(message_id, error = %with_causes(&*error), "message failed");
            response.add_failure(message_id);
        }
    }
    Ok(response)
}

/// Returns an error's message and those of its causes, which tracing leaves out of JSON. The errors
/// of the AWS SDK say little without them.
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

    /// Returns what Lambda gets for an event, and the lines that are logged.
    async fn answer_and_log(event: SqsEvent) -> (Value, Vec<Value>) {
        let (reader, writer) = io::pipe().unwrap();
        let logger = fmt().json().flatten_event(true).without_time();
        let logging = logger.with_writer(Arc::new(writer)).set_default();
        let response = handle(LambdaEvent::new(event, Context::default())).await;
        drop(logging); // closes the pipe
        let lines = BufReader::new(reader).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        (
            serde_json::to_value(response.unwrap()).unwrap(),
            lines.collect(),
        )
    }

    async fn answer(event: SqsEvent) -> Value {
        answer_and_log(event).await.0
    }

    fn event(records: &Value) -> SqsEvent {
        serde_json::from_value(json!({ "Records": records })).unwrap()
    }

    #[tokio::test]
    async fn sample_event() {
        assert_eq!(
            answer(serde_json::from_str(EVENT).unwrap()).await,
            json!({ "batchItemFailures": [
                { "itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da" }
            ] })
        );
    }

    #[tokio::test]
    async fn valid_orders() {
        for body in [
            r#"{"orderId": "1001", "quantity": 1}"#,
            r#"{"orderId": "1001", "quantity": 2147483647}"#,
            r#"{"orderId": "1001", "quantity": 2, "note": "for Alice"}"#,
        ] {
            assert_eq!(
                answer(event(&json!([{ "messageId": "good", "body": body }]))).await,
                json!({ "batchItemFailures": [] }),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn invalid_orders() {
        for body in [
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
            let records = json!([
                { "messageId": "bad", "body": body },
                { "messageId": "good", "body": r#"{"orderId": "1001", "quantity": 2}"# },
                { "messageId": "bad as well", "body": body }
            ]);

            assert_eq!(
                answer(event(&records)).await,
                json!({ "batchItemFailures": [
                    { "itemIdentifier": "bad" },
                    { "itemIdentifier": "bad as well" }
                ] }),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn logs() {
        let records = json!([
            { "messageId": "bad", "body": r#"{"orderId": "", "quantity": 2}"# },
            { "messageId": "good", "body": r#"{"orderId": "1001", "quantity": 2}"# }
        ]);

        let (_, lines) = answer_and_log(event(&records)).await;

        assert_eq!(
            json!(lines),
            json!([
                {
                    "level": "ERROR",
                    "target": "bootstrap::handler",
                    "message": "message failed",
                    "message_id": "bad",
                    "error": "orderId must be a string that is not empty"
                },
                {
                    "level": "INFO",
                    "target": "bootstrap::handler",
                    "message": "order processed",
                    "order_id": "1001",
                    "quantity": 2
                }
            ])
        );
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
