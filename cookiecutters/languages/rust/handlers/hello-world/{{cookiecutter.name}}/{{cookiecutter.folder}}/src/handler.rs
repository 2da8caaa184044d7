//! Answers GET /{{ cookiecutter.path }}.

use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use aws_lambda_events::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use lambda_runtime::{Error, LambdaEvent};
use serde_json::{Value, json};

/// Greets whoever calls. The event, of which it reads nothing, and the response are those of
/// Amazon API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
pub async fn handle(_event: LambdaEvent<Value>) -> Result<ApiGatewayProxyResponse, Error> {
    let mut response = ApiGatewayProxyResponse::default();
    response.status_code = StatusCode::OK.as_u16().into();
    response
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.body = Some(json!({ "message": "hello world" }).to_string().into());
    Ok(response)
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

    #[tokio::test]
    async fn greets() {
        let event = serde_json::from_str(EVENT).unwrap();

        let response = handle(LambdaEvent::new(event, Context::default()))
            .await
            .unwrap();

        assert_eq!(
            serde_json::to_value(response).unwrap(),
            json!({
                "statusCode": 200,
                "headers": { "content-type": "application/json" },
                "multiValueHeaders": {},
                "body": r#"{"message":"hello world"}"#,
                "isBase64Encoded": false
            })
        );
    }
}
