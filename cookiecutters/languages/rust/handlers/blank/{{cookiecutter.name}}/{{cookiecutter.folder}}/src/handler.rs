//! Greets by name.

use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};

/// What the function is invoked with. For the events of AWS services there are types:
/// <https://docs.rs/aws_lambda_events>
#[derive(Deserialize)]
pub struct Request {
    name: Option<String>,
}

#[derive(Serialize)]
pub struct Response {
    message: String,
}

pub async fn handle(event: LambdaEvent<Request>) -> Result<Response, Error> {
    let name = event.payload.name.filter(|name| !name.is_empty());
    let name = name.as_deref().unwrap_or("world");
    Ok(Response {
        message: format!("hello {name}"),
    })
}

#[cfg(test)]
mod tests {
    use lambda_runtime::Context;

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

    /// Returns what the function answers to an event, both as JSON.
    async fn greet(event: &str) -> String {
        let request = serde_json::from_str(event).unwrap();
        let response = handle(LambdaEvent::new(request, Context::default())).await;
        serde_json::to_string(&response.unwrap()).unwrap()
    }

    #[tokio::test]
    async fn sample_event() {
        assert_eq!(greet(EVENT).await, r#"{"message":"hello Ada"}"#);
    }

    #[tokio::test]
    async fn no_name() {
        for event in ["{}", r#"{"name": ""}"#, r#"{"name": null}"#] {
            let answer = greet(event).await;

            assert_eq!(answer, r#"{"message":"hello world"}"#, "{event}");
        }
    }
}
