//! Answers GET /{{ cookiecutter.path }} with generated data.

use aws_lambda_events::apigw::ApiGatewayProxyResponse;
use aws_lambda_events::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use fake::Fake;
use fake::faker::address::en::{BuildingNumber, CityName, CountryName, PostCode, StreetName};
use fake::faker::{internet::en::SafeEmail, name::en::Name, phone_number::en::PhoneNumber};
use fake::rand::{SeedableRng, rngs::ChaCha12Rng};
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};
use uuid::{Uuid, fmt::Hyphenated};

/// What this function reads of the event. The whole event is `ApiGatewayProxyRequest` in
/// `aws_lambda_events`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    path_parameters: Option<PathParameters>,
}

#[derive(Deserialize)]
struct PathParameters {
    id: Option<String>,
}

#[derive(Serialize)]
struct Customer {
    id: Uuid,
    name: String,
    email: String,
    phone: String,
    address: Address,
}

#[derive(Serialize)]
struct Address {
    street: String,
    city: String,
    postcode: String,
    country: String,
}

impl Customer {
    /// Returns the customer of an id, always the same one.
    fn new(id: Uuid) -> Self {
        let mut seed = [0; 32];
        seed[..16].copy_from_slice(id.as_bytes());
        // Unlike rand's StdRng, this one stays the same from release to release.
        let rng = &mut ChaCha12Rng::from_seed(seed);
        let building: String = BuildingNumber().fake_with_rng(rng);
        let street: String = StreetName().fake_with_rng(rng);
        Self {
            id,
            name: Name().fake_with_rng(rng),
            email: SafeEmail().fake_with_rng(rng),
            phone: PhoneNumber().fake_with_rng(rng),
            address: Address {
                street: format!("{building} {street}"),
                city: CityName().fake_with_rng(rng),
                postcode: PostCode().fake_with_rng(rng),
                country: CountryName().fake_with_rng(rng),
            },
        }
    }
}

/// Tells a client what is wrong with its request: <https://www.rfc-editor.org/rfc/rfc9457>
#[derive(Serialize)]
struct Problem {
    title: &'static str,
    status: u16,
    detail: &'static str,
}

/// Answers with the customer of the id in the path, or with a new one where there is none. The
/// event and the response are those of Amazon API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
pub async fn handle(event: LambdaEvent<Event>) -> Result<ApiGatewayProxyResponse, Error> {
    let id = match event.payload.path_parameters.and_then(|path| path.id) {
        None => Uuid::new_v4(),
        // Uuid would also be parsed from an id in braces, from a URN, or without hyphens.
        Some(text) => match text.parse::<Hyphenated>() {
            Ok(id) => id.into(),
            Err(_) => return bad_request("id must be a UUID"),
        },
    };
    respond(StatusCode::OK, "application/json", &Customer::new(id))
}

fn bad_request(detail: &'static str) -> Result<ApiGatewayProxyResponse, Error> {
    let problem = Problem {
        title: "Bad Request",
        status: 400,
        detail,
    };
    respond(
        StatusCode::BAD_REQUEST,
        "application/problem+json",
        &problem,
    )
}

fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: &impl Serialize,
) -> Result<ApiGatewayProxyResponse, Error> {
    let mut response = ApiGatewayProxyResponse::default();
    response.status_code = status.as_u16().into();
    response
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(serde_json::to_string(body)?.into());
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
    const ID: &str = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";

    /// Returns the body of the answer to an event, having checked the rest of that answer.
    async fn call(event: &str, status: u16, content_type: &str) -> String {
        let event = serde_json::from_str(event).unwrap();
        let response = handle(LambdaEvent::new(event, Context::default())).await;
        let response = serde_json::to_value(response.unwrap()).unwrap();
        let body = response["body"].as_str().unwrap();
        assert_eq!(
            response,
            json!({
                "statusCode": status,
                "headers": { "content-type": content_type },
                "multiValueHeaders": {},
                "body": body,
                "isBase64Encoded": false
            })
        );
        body.to_owned()
    }

    /// Returns the body of the customer with an id.
    async fn get(id: &str) -> String {
        let event = json!({ "pathParameters": { "id": id } }).to_string();
        call(&event, 200, "application/json").await
    }

    /// Returns the id of a customer, who must have all fields and no others.
    fn id_of_whole_customer(body: &str) -> String {
        let customer: Value = serde_json::from_str(body).unwrap();
        let text = |pointer| {
            let text = customer.pointer(pointer).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).expect(pointer)
        };
        let (_, domain) = text("/email").split_once('@').unwrap();
        assert!(["example.com", "example.net", "example.org"].contains(&domain));
        let whole = Customer {
            id: text("/id").parse().unwrap(),
            name: text("/name").to_owned(),
            email: text("/email").to_owned(),
            phone: text("/phone").to_owned(),
            address: Address {
                street: text("/address/street").to_owned(),
                city: text("/address/city").to_owned(),
                postcode: text("/address/postcode").to_owned(),
                country: text("/address/country").to_owned(),
            },
        };
        assert_eq!(body, serde_json::to_string(&whole).unwrap());
        text("/id").to_owned()
    }

    #[tokio::test]
    async fn sample_event() {
        let body = call(EVENT, 200, "application/json").await;

        assert_eq!(id_of_whole_customer(&body), ID);
    }

    #[tokio::test]
    async fn the_id_decides_the_customer() {
        let body = get(ID).await;

        assert_eq!(get(ID).await, body);
        assert_eq!(get(&ID.to_uppercase()).await, body);
        // Every digit of the id counts.
        for (place, digit) in ID.char_indices().filter(|(_, digit)| *digit != '-') {
            let mut other = ID.to_owned();
            other.replace_range(place..=place, if digit == '0' { "1" } else { "0" });
            assert_ne!(get(&other).await.replace(&other, ID), body, "{other}");
        }
    }

    #[tokio::test]
    async fn without_an_id_there_is_a_new_customer() {
        for event in [
            "{}",
            r#"{"pathParameters": null}"#,
            r#"{"pathParameters": {}}"#,
        ] {
            let first = call(event, 200, "application/json").await;
            let second = call(event, 200, "application/json").await;

            assert_ne!(first, second, "{event}");
            let id = id_of_whole_customer(&first);
            assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 4);
            assert_eq!(get(&id).await, first);
        }
    }

    #[tokio::test]
    async fn malformed_ids() {
        for id in [
            "",
            "42",
            &format!("{% raw %}{{{ID}}}{% endraw %}"),
            &format!("urn:uuid:{ID}"),
            &ID.replace('-', ""),
            &ID.replacen('-', "", 1),
            &ID.replace('f', "g"),
            &format!("{ID}1"),
            &format!("{ID}\n"),
        ] {
            let event = json!({ "pathParameters": { "id": id } }).to_string();

            let body = call(&event, 400, "application/problem+json").await;

            assert_eq!(
                body, r#"{"title":"Bad Request","status":400,"detail":"id must be a UUID"}"#,
                "{id}"
            );
        }
    }
}
