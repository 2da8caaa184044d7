//! Answers GET /{{ cookiecutter.path }} with generated data.

use aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayProxyResponse};
use aws_lambda_events::http::{HeaderValue, header::CONTENT_TYPE};
use fake::Fake;
use fake::faker::address::en::{BuildingNumber, CityName, CountryName, PostCode, StreetName};
use fake::faker::{internet::en::SafeEmail, name::en::Name, phone_number::en::PhoneNumber};
use fake::rand::{self, Rng, RngExt};
use lambda_runtime::{Error, LambdaEvent};
use serde::Serialize;
use uuid::{Builder, Uuid};

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
    /// All of it comes from `rng`: the same seed, the same customer.
    fn generate(rng: &mut impl Rng) -> Self {
        let building: String = BuildingNumber().fake_with_rng(rng);
        let street: String = StreetName().fake_with_rng(rng);
        Self {
            id: Builder::from_random_bytes(rng.random()).into_uuid(),
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

/// Answers with another customer each time. The event and the response are those of Amazon API Gateway:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
pub async fn handle(
    _event: LambdaEvent<ApiGatewayProxyRequest>,
) -> Result<ApiGatewayProxyResponse, Error> {
    respond(&mut rand::rng())
}

fn respond(rng: &mut impl Rng) -> Result<ApiGatewayProxyResponse, Error> {
    let mut response = ApiGatewayProxyResponse::default();
    response.status_code = 200;
    response
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.body = Some(serde_json::to_string(&Customer::generate(rng))?.into());
    Ok(response)
}

#[cfg(test)]
mod tests {
    use fake::rand::{SeedableRng, rngs::StdRng};
    use lambda_runtime::Context;
    use serde_json::{Value, json};

    use super::*;

    const EVENT: &str = include_str!("../../events/{{ cookiecutter.folder }}/event.json");

    /// Returns what Lambda gets for the sample event.
    async fn answer() -> Value {
        let request = serde_json::from_str(EVENT).unwrap();
        let response = handle(LambdaEvent::new(request, Context::default())).await;
        serde_json::to_value(response.unwrap()).unwrap()
    }

    /// Returns the whole answer that has this body.
    fn with_body(body: &str) -> Value {
        json!({
            "statusCode": 200,
            "headers": { "content-type": "application/json" },
            "multiValueHeaders": {},
            "body": body,
            "isBase64Encoded": false
        })
    }

    #[test]
    fn a_seed_decides_the_answer() {
        let (rng, same) = (&mut StdRng::seed_from_u64(7), &mut StdRng::seed_from_u64(7));
        for _ in 0..2 {
            let body = serde_json::to_string(&Customer::generate(same)).unwrap();
            let response = serde_json::to_value(respond(rng).unwrap()).unwrap();
            assert_eq!(response, with_body(&body));
        }
    }

    #[tokio::test]
    async fn each_answer_is_another_customer() {
        let (one, other) = (answer().await, answer().await);

        assert_ne!(one["body"], other["body"]);
    }

    #[tokio::test]
    async fn a_customer_is_complete() {
        let response = answer().await;

        let body = response["body"].as_str().unwrap();
        assert_eq!(response, with_body(body));
        let customer: Value = serde_json::from_str(body).unwrap();
        let text = |pointer| {
            let text = customer.pointer(pointer).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).expect(pointer)
        };
        let id: Uuid = text("/id").parse().unwrap();
        assert_eq!(id.get_version_num(), 4);
        assert!(text("/email").contains('@'));
        // These fields and no others.
        assert_eq!(
            customer,
            json!({
                "id": id.to_string(),
                "name": text("/name"),
                "email": text("/email"),
                "phone": text("/phone"),
                "address": {
                    "street": text("/address/street"),
                    "city": text("/address/city"),
                    "postcode": text("/address/postcode"),
                    "country": text("/address/country")
                }
            })
        );
    }
}
