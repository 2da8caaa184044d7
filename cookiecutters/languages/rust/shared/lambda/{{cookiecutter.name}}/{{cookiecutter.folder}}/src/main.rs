mod handler;

use std::env;
{% if cookiecutter.services %}
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_{{ cookiecutter.services[0] }}::Client;
{% else %}

{% endif %}
use lambda_runtime::tracing::subscriber::{filter::LevelFilter, fmt};
use lambda_runtime::{Error, run, service_fn};

/// Logs in the format and from the level of the function's `LoggingConfig`. So does
/// `tracing::init_default_subscriber`, but its JSON nests the fields of an event, and has no
/// timestamp, without which Lambda takes every line for INFO:
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
fn init_logging() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").or_else(|_| env::var("RUST_LOG"));
    let level = match level.as_deref() {
        Ok("FATAL") => LevelFilter::OFF, // tracing has nothing above ERROR
        Ok(level) => level.parse().unwrap_or(LevelFilter::INFO),
        Err(_) => LevelFilter::INFO,
    };
    let logger = fmt().with_target(false).with_max_level(level);
    if env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json")) {
        logger
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .init();
    } else {
        logger.without_time().init();
    }
}

{% if cookiecutter.services %}
/// Returns how to call AWS; the region and the credentials are in the environment. An attempt fails
/// when no answer begins within 2 seconds, so the requests of an invocation fit into the function's
/// {{ cookiecutter.timeout }} seconds even if all their attempts hang.
async fn sdk_config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .read_timeout(Duration::from_secs(2))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .load()
        .await
}

{% endif %}
#[tokio::main]
async fn main() -> Result<(), Error> {
    init_logging();
{% if cookiecutter.services %}
    // Created once for each execution environment
    let client = Client::new(&sdk_config().await);
{% if "dynamodb" in cookiecutter.services %}
    let table = env::var("TABLE_NAME").map_err(|error| format!("TABLE_NAME: {error}"))?;
    run(service_fn(|event| handler::handle(&client, &table, event))).await
{% else %}
    run(service_fn(|event| handler::handle(&client, event))).await
{% endif %}
{% else %}
    run(service_fn(handler::handle)).await
{% endif %}
}
