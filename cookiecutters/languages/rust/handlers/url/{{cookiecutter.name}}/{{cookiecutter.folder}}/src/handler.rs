//! Greets whoever calls the function's URL.

use aws_lambda_events::http::{
    HeaderValue, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};
use aws_lambda_events::lambda_function_urls::LambdaFunctionUrlResponse;
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};

/// What this function reads of the event. The whole event is `LambdaFunctionUrlRequest` in
/// `aws_lambda_events`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    raw_path: String,
    request_context: RequestContext,
    query_string_parameters: Option<Query>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RequestContext {
    http: Http,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Http {
    method: String,
}

#[derive(Deserialize)]
struct Query {
    name: Option<String>,
}

#[derive(Serialize)]
struct Greeting {
    message: String,
}

/// Tells a client what is wrong with its request: <https://www.rfc-editor.org/rfc/rfc9457>
#[derive(Serialize)]
struct Problem<'a> {
    title: Option<&'a str>,
    status: u16,
    detail: &'a str,
}

/// Answers GET / with a greeting. Requests with any other path or method reach the function as
/// well:
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>
pub async fn handle(event: LambdaEvent<Event>) -> Result<LambdaFunctionUrlResponse, Error> {
    let event = event.payload;
    let path = event.raw_path;
    if path != "/" {
        let detail = format!("there is nothing at {path}");
        return refuse(StatusCode::NOT_FOUND, &detail);
    }
    if event.request_context.http.method != "GET" {
        let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, "use GET")?;
        response
            .headers
            .insert(ALLOW, HeaderValue::from_static("GET"));
        return Ok(response);
    }
    let name = event.query_string_parameters.and_then(|query| query.name);
    let name = name.filter(|name| !name.is_empty());
    let name = name.as_deref().unwrap_or("world");
    let greeting = Greeting {
        message: format!("hello {name}"),
    };
    respond(StatusCode::OK, "application/json", &greeting)
}

fn refuse(status: StatusCode, detail: &str) -> Result<LambdaFunctionUrlResponse, Error> {
    let problem = Problem {
        title: status.canonical_reason(),
        status: status.as_u16(),
        detail,
    };
    respond(status, "application/problem+json", &problem)
}

fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: &impl Serialize,
) -> Result<LambdaFunctionUrlResponse, Error> {
    let mut response = LambdaFunctionUrlResponse::default();
    response.status_code = status.as_u16().into();
    response
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(serde_json::to_string(body)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use lambda_runtime::Context;
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

    /// Checks what the function answers to an event, which is JSON.
    async fn check(event: &str, status: u16, headers: Value, body: &str) {
        let request = serde_json::from_str(event).unwrap();
        let response = handle(LambdaEvent::new(request, Context::default())).await;
        assert_eq!(
            serde_json::to_value(response.unwrap()).unwrap(),
            json!({
                "statusCode": status,
                "headers": headers,
                "body": body,
                "isBase64Encoded": false,
                "cookies": []
            }),
            "{event}"
        );
    }

    async fn check_greeting(event: &str, body: &str) {
        let headers = json!({ "content-type": "application/json" });
        check(event, 200, headers, body).await;
    }

    /// Returns an event with little more than what the function reads of it.
    fn event(method: &str, path: &str, query: &Value) -> String {
        json!({
            "rawPath": path,
            "queryStringParameters": query,
            "requestContext": { "http": { "method": method, "path": path } }
        })
        .to_string()
    }

    #[tokio::test]
    async fn sample_event() {
        check_greeting(EVENT, r#"{"message":"hello Ada"}"#).await;
    }

    #[tokio::test]
    async fn no_name() {
        for event in [
            r#"{"rawPath": "/", "requestContext": {"http": {"method": "GET", "path": "/"}}}"#,
            &event("GET", "/", &json!(null)),
            &event("GET", "/", &json!({})),
            &event("GET", "/", &json!({ "name": "" })),
        ] {
            check_greeting(event, r#"{"message":"hello world"}"#).await;
        }
    }

    #[tokio::test]
    async fn the_name_is_escaped() {
        let event = event("GET", "/", &json!({ "name": r#""Ada""# }));

        check_greeting(&event, r#"{"message":"hello \"Ada\""}"#).await;
    }

    #[tokio::test]
    async fn other_paths() {
        for method in ["GET", "POST"] {
            check(
                &event(method, "/other", &json!({ "name": "Ada" })),
                404,
                json!({ "content-type": "application/problem+json" }),
                r#"{"title":"Not Found","status":404,"detail":"there is nothing at /other"}"#,
            )
            .await;
        }
    }

    #[tokio::test]
    async fn other_methods() {
        for method in ["POST", "HEAD", "OPTIONS"] {
            check(
                &event(method, "/", &json!({ "name": "Ada" })),
                405,
                json!({ "content-type": "application/problem+json", "allow": "GET" }),
                r#"{"title":"Method Not Allowed","status":405,"detail":"use GET"}"#,
            )
            .await;
        }
    }
}
