//! Ships the orders of which an event bus tells.

use std::error::Error as StdError;
use std::iter;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use lambda_runtime::{Error, LambdaEvent, tracing};
use serde_json::Value;

struct Order {
    order_id: String,
    quantity: i32,
}

impl Order {
    fn parse(detail: &Value) -> Result<Self, &'static str> {
        let order_id = detail
            .get("orderId")
            .and_then(Value::as_str)
            .filter(|order_id| !order_id.is_empty())
            .ok_or("orderId must be a string that is not empty")?
            .to_owned();
        let quantity = detail
            .get("quantity")
            .and_then(Value::as_i64)
            .and_then(|quantity| i32::try_from(quantity).ok())
            .filter(|quantity| *quantity >= 1)
            .ok_or("quantity must be an integer from 1 to 2147483647")?;
        Ok(Self { order_id, quantity })
    }
}

/// The place for your own work. `EventBridge` delivers an event at least once, and Lambda runs a
/// failed one again, so the same order may come twice: make this idempotent, for example by
/// recording the order's id with a conditional write before doing the work.
async fn process(order: &Order) -> Result<(), Error> {
    let Order { order_id, quantity } = order;
    tracing::info!(order_id, quantity, "order shipped");
    Ok(())
}

async fn process_detail(detail: &Value) -> Result<(), Error> {
    process(&Order::parse(detail)?).await
}

/// Ships the order of an event. After an error, Lambda runs the event again, and in the end sends
/// it to the failure queue:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
pub async fn handle(event: LambdaEvent<EventBridgeEvent>) -> Result<(), Error> {
    let EventBridgeEvent { id, detail, .. } = event.payload;
    process_detail(&detail).await.map_err(|error| {
        let id = id.unwrap_or_default();
        format!("event {id}: {}", with_causes(&*error)).into()
    })
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
    async fn result_and_log(event: EventBridgeEvent) -> (Result<(), Error>, Vec<Value>) {
        let (reader, writer) = io::pipe().unwrap();
        let logger = fmt().json().flatten_event(true).without_time();
        let logging = logger.with_writer(Arc::new(writer)).set_default();
        let result = handle(LambdaEvent::new(event, Context::default())).await;
        drop(logging); // closes the pipe
        let lines = BufReader::new(reader).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        (result, lines.collect())
    }

    /// Returns an event with a detail, which is JSON.
    fn event(id: &str, detail: &str) -> EventBridgeEvent {
        let mut event: EventBridgeEvent = serde_json::from_str(EVENT).unwrap();
        event.id = Some(id.to_owned());
        event.detail = serde_json::from_str(detail).unwrap();
        event
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
                "message": "order shipped",
                "order_id": "1001",
                "quantity": 2
            }])
        );
    }

    #[tokio::test]
    async fn bad_sample_event() {
        let (result, lines) = result_and_log(serde_json::from_str(BAD_EVENT).unwrap()).await;

        assert_eq!(
            result.unwrap_err().to_string(),
            "event 8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11: \
            quantity must be an integer from 1 to 2147483647"
        );
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[tokio::test]
    async fn valid_orders() {
        for detail in [
            r#"{"orderId": "1001", "quantity": 1}"#,
            r#"{"orderId": "1001", "quantity": 2147483647}"#,
            r#"{"orderId": "1001", "quantity": 2, "note": "for Alice"}"#,
        ] {
            let (result, _) = result_and_log(event("good", detail)).await;

            assert!(result.is_ok(), "{detail}: {result:?}");
        }
    }

    #[tokio::test]
    async fn invalid_orders() {
        for detail in [
            "[]",
            "null",
            "{}",
            r#"{"quantity": 2}"#,
            r#"{"orderId": "", "quantity": 2}"#,
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
            r#"["1001", 2]"#,
        ] {
            let (result, lines) = result_and_log(event("bad", detail)).await;

            let error = result.expect_err(detail).to_string();
            assert!(error.starts_with("event bad: "), "{detail}: {error}");
            assert!(lines.is_empty(), "{detail}: {lines:?}");
        }
    }

    #[test]
    fn half_a_surrogate_pair() {
        let event = EVENT.replace("1001", r"\ud800");

        assert!(serde_json::from_str::<EventBridgeEvent>(&event).is_err());
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
