package {{ cookiecutter.function_flat }};

import static java.nio.charset.StandardCharsets.UTF_8;
import static software.amazon.lambda.powertools.logging.argument.StructuredArguments.json;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.CorrelationIdPaths;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsFactory;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

{% if cookiecutter.tracing %}
/**
 * Answers GET /{{ cookiecutter.path }}.
 *
 * <p>Lambda itself traces each invocation, and Powertools logs the trace's id. Segments of your own would need
 * powertools-tracing, with the X-Ray SDK.
 */
{% else %}
/** Answers GET /{{ cookiecutter.path }}. */
{% endif %}
public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final int MAX_NAME_LENGTH = 100;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Logger LOGGER = LoggerFactory.getLogger(App.class);

    // The service's name and the metrics' namespace are in template.yaml.
    private static final Metrics METRICS = MetricsFactory.getMetricsInstance();

    /** Answers a request, whose ids are in each line that is logged meanwhile, and sends its metrics. */
    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent request, Context context) {
        // Before withLogging: Powertools takes no start for a cold one after that.
        METRICS.captureColdStartMetric(context);
        try {
            return PowertoolsLogging.withLogging(
                    context, CorrelationIdPaths.API_GATEWAY_REST, request, () -> greet(request));
        } finally {
            METRICS.flush();
        }
    }

    /** Greets whoever has the name in the path. */
    private static APIGatewayProxyResponseEvent greet(APIGatewayProxyRequestEvent request) {
        Map<String, String> path = request.getPathParameters();
        String name;
        try {
            name = path == null ? "" : decode(path.getOrDefault("name", "")).strip();
        } catch (IllegalArgumentException e) { // A percent sign without two hexadecimal digits.
            return badRequest("name must be URL-encoded");
        }
        // Characters, where length alone would count the halves of an emoji.
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > MAX_NAME_LENGTH) {
            return badRequest("name must have 1 to " + MAX_NAME_LENGTH + " characters");
        }
        METRICS.addMetric("Greetings", 1, MetricUnit.COUNT);
        // Jackson escapes the name: Powertools itself would leave some control characters as they are.
        LOGGER.info("greeting sent", json("name", TextNode.valueOf(name).toString()));
        return respond(200, "application/json", JSON.createObjectNode().put("message", "hello " + name));
    }

    /** Decodes a part of a path, which a REST API passes on as it stands in the URL. There, a plus is no blank. */
    private static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    }

    /** Says what is wrong with a request, in the format of <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>. */
    private static APIGatewayProxyResponseEvent badRequest(String detail) {
        JsonNode problem = JSON.createObjectNode()
                .put("title", "Bad Request")
                .put("status", 400)
                .put("detail", detail);
        return respond(400, "application/problem+json", problem);
    }

    private static APIGatewayProxyResponseEvent respond(int status, String contentType, JsonNode body) {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(status)
                .withHeaders(Map.of("Content-Type", contentType))
                .withBody(body.toString());
    }
}
