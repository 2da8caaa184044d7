import {
  BadRequestError,
  HttpError,
  ParameterValidationError,
  Router,
} from "@aws-lambda-powertools/event-handler/http";
{% if cookiecutter.tracing %}
import { tracer } from "@aws-lambda-powertools/event-handler/http/middleware/tracer";
{% endif %}
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
{% if cookiecutter.tracing %}
import { Tracer } from "@aws-lambda-powertools/tracer";
{% endif %}

/** @import { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda" */

const maxNameLength = 100;
const invalidName = `name must have 1 to ${maxNameLength} characters`;

// The service's name and the metrics' namespace are in template.yaml.
const logger = new Logger();
const metrics = new Metrics();
const app = new Router({ logger });

/**
 * Passes a request from Amazon API Gateway to the function of its route.
 *
 * @param {APIGatewayProxyEvent} event
 * @param {Context} context
 * @returns {Promise<APIGatewayProxyResult>}
 */
export const lambdaHandler = async (event, context) => {
  logger.addContext(context);
  logger.setCorrelationId(event.requestContext.requestId);
  metrics.captureColdStartMetric(context.functionName);
  try {
    return await app.resolve(event, context);
  } finally {
    // A request that is refused has none.
    if (metrics.hasStoredMetrics()) {
      metrics.publishStoredMetrics();
    }
  }
};

{% if cookiecutter.tracing %}
// Sends nothing outside of Lambda, so tests need no X-Ray.
app.use(tracer(new Tracer()));

{% endif %}
// The router answers an unexpected error with status 500, but does not log it.
app.use(async ({ next }) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof HttpError)) {
      logger.error("request failed", /** @type {Error} */ (error));
    }
    throw error;
  }
});

// What the router itself thinks of a name in the path, one of blanks and one that is not UTF-8, would be status 500. It has
// no route yet then; a URIError of a route's own function is as unexpected as any other.
app.errorHandler([ParameterValidationError, URIError], async (error, { route }) => {
  throw route === null ? new BadRequestError(invalidName) : error;
});

app.get("/{{ cookiecutter.path | replace("{", ":") | replace("}", "") }}", async ({ params }) => {
  const name = (params.name ?? "").trim();
  // Characters, where length would count the halves of an emoji.
  const length = [...name].length;
  if (length < 1 || length > maxNameLength) {
    throw new BadRequestError(invalidName);
  }
  metrics.addMetric("Greetings", MetricUnit.Count, 1);
  logger.info("greeting sent", { name });
  return { message: `hello ${name}` };
});
