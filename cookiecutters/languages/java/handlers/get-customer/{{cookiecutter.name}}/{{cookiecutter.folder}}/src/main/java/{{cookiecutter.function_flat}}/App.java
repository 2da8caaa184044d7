{% set map_of = "Map.of" if cookiecutter.java | int > 8 else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
{% if map_of != "Map.of" %}
import java.util.Collections;
{% endif %}
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Answers GET /{{ cookiecutter.path }}. */
public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final JsonMapper JSON = new JsonMapper();

    /** What a UUID looks like: {@link UUID#fromString} also accepts less, such as 1-1-1-1-1. */
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** Returns the customer with the id in the path, or a new customer if there is no id. */
    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent request, Context context) {
        Map<String, String> path = request.getPathParameters();
        String id = path == null ? null : path.get("id");
        if (id == null) {
            return respond(200, "application/json", JSON.valueToTree(Customer.of(UUID.randomUUID())));
        }
        if (!UUID_TEXT.matcher(id).matches()) {
            return badRequest("id must be a UUID");
        }
        return respond(200, "application/json", JSON.valueToTree(Customer.of(UUID.fromString(id))));
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
                .withHeaders({{ map_of }}("Content-Type", contentType))
                .withBody(body.toString());
    }
}
