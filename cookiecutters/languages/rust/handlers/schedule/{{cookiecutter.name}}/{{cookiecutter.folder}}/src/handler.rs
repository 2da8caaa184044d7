//! Reports on the day before the time that a run was due.

use std::error::Error as StdError;
use std::iter;

use jiff::{Timestamp, civil::Date, tz::Offset};
use lambda_runtime::{Error, LambdaEvent, tracing};
use serde::{Deserialize, Serialize};

/// The `Input` of the schedule in template.yaml. Without a time in it, `lambda_runtime` answers
/// with an error that says so.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    scheduled_time: Timestamp,
}

#[derive(Serialize)]
pub struct Response {
    day: Date,
}

/// The place for your own work. Scheduler invokes the function at least once, and Lambda runs a
/// failed event again, so the same day may come twice: make this idempotent, for example by storing
/// the report under its day. Take the time from the day and not from the clock, which has gone on
/// when a run is repeated.
async fn make_report(day: Date) -> Result<(), Error> {
    tracing::info!(%day, "report made");
    Ok(())
}

/// Answers with the day that it reported on, in UTC. After an error, Lambda runs the event again,
/// and in the end sends it to the failure queue:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
pub async fn handle(event: LambdaEvent<Request>) -> Result<Response, Error> {
    let due = Offset::UTC.to_datetime(event.payload.scheduled_time);
    let day = due.date().yesterday()?;
    make_report(day)
        .await
        .map_err(|error| format!("report on {day}: {}", with_causes(&*error)))?;
    Ok(Response { day })
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

    /// Returns what the function answers to an event, both as JSON, and the lines that are logged.
    async fn answer_and_log(event: &str) -> (String, Vec<Value>) {
        let request = serde_json::from_str(event).unwrap();
        let (reader, writer) = io::pipe().unwrap();
        let logger = fmt().json().flatten_event(true).without_time();
        let logging = logger.with_writer(Arc::new(writer)).set_default();
        let response = handle(LambdaEvent::new(request, Context::default())).await;
        drop(logging); // closes the pipe
        let lines = BufReader::new(reader).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        (
            serde_json::to_string(&response.unwrap()).unwrap(),
            lines.collect(),
        )
    }

    #[tokio::test]
    async fn sample_event() {
        let (answer, lines) = answer_and_log(EVENT).await;

        assert_eq!(answer, r#"{"day":"2026-02-28"}"#);
        assert_eq!(
            json!(lines),
            json!([{
                "level": "INFO",
                "target": "bootstrap::handler",
                "message": "report made",
                "day": "2026-02-28"
            }])
        );
    }

    #[tokio::test]
    async fn day_before() {
        for (scheduled_time, day) in [
            ("2024-03-01T00:00:00Z", "2024-02-29"),
            ("2026-01-01T23:59:59Z", "2025-12-31"),
            ("2026-03-02T01:00:00+02:00", "2026-02-28"),
            ("2026-02-28T23:00:00-02:00", "2026-02-28"),
        ] {
            let event = json!({ "scheduledTime": scheduled_time }).to_string();

            let (answer, _) = answer_and_log(&event).await;

            assert_eq!(answer, json!({ "day": day }).to_string(), "{event}");
        }
    }

    #[test]
    fn no_scheduled_time() {
        for event in [
            "{}",
            r#"{"scheduledTime": null}"#,
            r#"{"scheduledTime": ""}"#,
            r#"{"scheduledTime": "tomorrow"}"#,
            r#"{"scheduledTime": "2026-03-01"}"#,
            r#"{"scheduledTime": "2026-02-30T02:00:00Z"}"#,
            r#"{"scheduledTime": "<aws.scheduler.scheduled-time>"}"#,
            r#"{"scheduledTime": 1772330400}"#,
        ] {
            assert!(serde_json::from_str::<Request>(event).is_err(), "{event}");
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
