//! A web server, which knows nothing of Lambda.

use std::io;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::signal;

const ADDRESS: &str = "0.0.0.0:8000";
const MAX_NAME_LENGTH: usize = 100;

#[derive(Serialize)]
struct Greeting {
    message: String,
}

fn routes() -> Router {
    Router::new()
        // The Lambda Web Adapter and load balancers check this path.
        .route("/health", get(StatusCode::OK))
        .route("/greetings/{name}", get(greet))
}

async fn greet(Path(name): Path<String>) -> Result<Json<Greeting>, (StatusCode, String)> {
    if name.chars().count() > MAX_NAME_LENGTH {
        let problem = format!("the name must have at most {MAX_NAME_LENGTH} characters");
        return Err((StatusCode::BAD_REQUEST, problem));
    }
    Ok(Json(Greeting {
        message: format!("hello {name}"),
    }))
}

/// Waits for SIGTERM or Ctrl+C. Fargate and Docker send SIGTERM before they kill a container.
async fn stop() {
    #[cfg(unix)]
    let terminate = async {
        signal::unix::signal(signal::unix::SignalKind::terminate())
            .expect("SIGTERM has a handler")
            .recv()
            .await;
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();

    tokio::select! {
        result = signal::ctrl_c() => result.expect("SIGINT has a handler"),
        () = terminate => {}
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind(ADDRESS).await?;
    // Finish the requests in progress.
    axum::serve(listener, routes())
        .with_graceful_shutdown(stop())
        .await
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, header::CONTENT_TYPE};
    use serde_json::{Value, json};
    use tower::ServiceExt;

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

    /// Returns the status, the content type and the body of the response to GET.
    async fn ask(path: &str) -> (StatusCode, String, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = routes().oneshot(request).await.unwrap();
        let status = response.status();
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.map_or("", |value| value.to_str().unwrap());
        let content_type = content_type.to_owned();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = String::from_utf8(body.into()).unwrap();
        (status, content_type, body)
    }

    async fn check_greeting(path: &str, name: &str) {
        let body = json!({ "message": format!("hello {name}") }).to_string();
        let content_type = "application/json".to_owned();
        assert_eq!(ask(path).await, (StatusCode::OK, content_type, body));
    }

    #[tokio::test]
    async fn sample_event() {
        let event: Value = serde_json::from_str(EVENT).unwrap();

        check_greeting(event["rawPath"].as_str().unwrap(), "Ada").await;
    }

    #[tokio::test]
    async fn names() {
        for (name, in_path) in [
            ("Ada", "Ada"),
            ("Zoë", "Zo%C3%AB"),
            ("a b", "a%20b"),
            (&"😀".repeat(100), &"%F0%9F%98%80".repeat(100)),
        ] {
            check_greeting(&format!("/greetings/{in_path}"), name).await;
        }
    }

    #[tokio::test]
    async fn malformed_names() {
        for name in [&"x".repeat(101), "%FF"] {
            let (status, ..) = ask(&format!("/greetings/{name}")).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
        }
    }

    #[tokio::test]
    async fn other_paths() {
        for path in ["/", "/greetings", "/greetings/", "/greetings/a/b"] {
            assert_eq!(ask(path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn health() {
        assert_eq!(ask("/health").await.0, StatusCode::OK);
    }
}
