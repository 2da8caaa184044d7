//! Processes the orders that arrive in a queue.

use std::num::NonZeroU64;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::{Error, LambdaEvent, tracing};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    quantity: NonZeroU64,
}

impl Order {
    fn parse(body: &str) -> Result<Self, Error> {
        let order: Self = serde_json::from_str(body)?;
        if order.order_id.is_empty() {
            return Err("an order needs an orderId".into());
        }
        Ok(order)
    }
}

/// Your own work goes here. An error sends the message back to the queue.
async fn process(message: &SqsMessage) -> Result<(), Error> {
    let body = message.body.as_deref().unwrap_or_default();
    let Order { order_id, quantity } = Order::parse(body)?;
    tracing::info!(order_id, quantity, "order processed");
    Ok(())
}

/// Names the messages that failed; the others are done with, and leave the queue:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>
pub async fn handle(event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Error> {
    let mut response = SqsBatchResponse::default();
    for message in event.payload.records {
        if let Err(error) = process(&message).await {
            let message_id = message.message_id.unwrap_or_default();
            tracing::error!(message_id, error, "message failed");
            response.add_failure(message_id);
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use lambda_runtime::Context;
    use serde_json::{Value, json};

    use super::*;

    const EVENT: &str = include_str!("../../events/{{ cookiecutter.folder }}/event.json");

    /// Returns what Lambda gets for an event.
    async fn answer(event: SqsEvent) -> Value {
        let response = handle(LambdaEvent::new(event, Context::default())).await;
        serde_json::to_value(response.unwrap()).unwrap()
    }

    fn event(records: Value) -> SqsEvent {
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
    async fn no_failures() {
        let records = json!([
            { "messageId": "first", "body": r#"{"orderId": "1001", "quantity": 1}"# },
            { "messageId": "second", "body": r#"{"orderId": "1002", "quantity": 20}"# }
        ]);

        assert_eq!(
            answer(event(records)).await,
            json!({ "batchItemFailures": [] })
        );
    }

    #[tokio::test]
    async fn invalid_orders() {
        for body in [
            "[]",
            "null",
            "{}",
            r#"{"quantity": 1}"#,
            r#"{"orderId": "", "quantity": 1}"#,
            r#"{"orderId": 1001, "quantity": 1}"#,
            r#"{"orderId": "1001"}"#,
            r#"{"orderId": "1001", "quantity": 0}"#,
            r#"{"orderId": "1001", "quantity": -1}"#,
            r#"{"orderId": "1001", "quantity": 0.5}"#,
            r#"{"orderId": "1001", "quantity": "1"}"#,
        ] {
            let records = json!([
                { "messageId": "bad", "body": body },
                { "messageId": "good", "body": r#"{"orderId": "1001", "quantity": 2}"# },
                { "messageId": "bad as well", "body": body }
            ]);

            assert_eq!(
                answer(event(records)).await,
                json!({ "batchItemFailures": [
                    { "itemIdentifier": "bad" },
                    { "itemIdentifier": "bad as well" }
                ] }),
                "{body}"
            );
        }
    }
}
