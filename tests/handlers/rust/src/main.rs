use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

async fn func(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let (event, _context) = event.into_parts();
    let first_name = event["name"].as_str().ok_or("the event has no name")?;
    Ok(json!({ "message": format!("Hello, {}!", first_name) }))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(func)).await
}
