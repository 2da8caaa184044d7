"""Answers GET /{{ cookiecutter.path }}."""

import warnings
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools import Logger, Metrics{{ ", Tracer" if cookiecutter.tracing else "" }}
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import BadRequestError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

MAX_NAME_LENGTH = 100

# The service's name and the metrics' namespace are in template.yaml.
logger = Logger()
metrics = Metrics()
{% if cookiecutter.tracing %}
# Sends nothing outside of Lambda, so tests need no X-Ray.
tracer = Tracer()
{% endif %}
app = APIGatewayRestResolver()

# A request that is refused has no metric.
warnings.filterwarnings("ignore", "No application metrics to publish")


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
{% if cookiecutter.tracing %}
@tracer.capture_lambda_handler
{% endif %}
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Pass a request from Amazon API Gateway to the function of its route."""
    return app.resolve(event, context)


@app.get("/{{ cookiecutter.path | replace("{", "<") | replace("}", ">") }}")
{% if cookiecutter.tracing %}
@tracer.capture_method
{% endif %}
def greet(name: str) -> dict[str, str]:
    """Greet whoever has the name in the path."""
    # It comes as it stands in the URL: neither a REST API nor Powertools decodes a path.
    try:
        name = unquote(name, errors="strict").strip()
    except UnicodeDecodeError:
        name = ""
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        raise BadRequestError(f"name must have 1 to {MAX_NAME_LENGTH} characters")
    metrics.add_metric(name="Greetings", unit=MetricUnit.Count, value=1)
    # As an argument of info it would clash with the name that logging itself gives to each record.
    with logger.append_context_keys(name=name):
        logger.info("greeting sent")
    return {"message": f"hello {name}"}
