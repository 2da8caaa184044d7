//! What the functions that list, get, put and delete items have in common.

use std::error::Error as StdError;
use std::iter;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use lambda_runtime::Error;
use serde::Serialize;

pub fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Returns an error's message and those of its causes, which Lambda is not told of otherwise. The
/// errors of the AWS SDK say little without them.
pub fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let errors = iter::successors(Some(error), |&error| error.source());
    let mut messages: Vec<_> = errors.map(ToString::to_string).collect();
    messages.dedup(); // An error that the SDK has a type for repeats its cause.
    messages.join(": ")
}

/// Tells a client what is wrong with its request: <https://www.rfc-editor.org/rfc/rfc9457>
#[derive(Serialize)]
struct Problem {
    title: Option<&'static str>,
    status: u16,
    detail: &'static str,
}

pub fn refuse(status: StatusCode, detail: &'static str) -> Result<ApiGatewayV2httpResponse, Error> {
    let problem = Problem {
        title: status.canonical_reason(),
        status: status.as_u16(),
        detail,
    };
    respond(status, "application/problem+json", &problem)
}

pub fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: &impl Serialize,
) -> Result<ApiGatewayV2httpResponse, Error> {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status.as_u16().into();
    response
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(serde_json::to_string(body)?.into());
    Ok(response)
}
