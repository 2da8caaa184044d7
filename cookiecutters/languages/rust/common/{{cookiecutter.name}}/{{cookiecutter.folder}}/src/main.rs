mod handler;

use lambda_runtime::{Error, run, service_fn, tracing};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Follows the function's LoggingConfig, text or JSON.
    tracing::init_default_subscriber();

    run(service_fn(handler::handle)).await
}
