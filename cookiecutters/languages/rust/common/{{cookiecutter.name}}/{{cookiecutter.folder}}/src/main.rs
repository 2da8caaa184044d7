mod handler;

use std::env;

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

#[tokio::main]
async fn main() -> Result<(), Error> {
    init_logging();
    run(service_fn(handler::handle)).await
}
