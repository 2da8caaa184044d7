package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
{% if cookiecutter.java | int == 8 %}
import java.util.Collections;
{% else %}
import java.util.Map;
{% endif %}
import java.util.regex.Pattern;

/** What the functions of the API have in common. */
final class Api {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private Api() {}

    /** Returns whether a text, or null, is the id of an item. */
    static boolean isId(String text) {
        return text != null && ID.matcher(text).matches();
    }

    /** Returns a response with an object as JSON. */
    static APIGatewayV2HTTPResponse respond(int status, Object body) {
        return respond(status, "application/json", JSON.valueToTree(body));
    }

    /** Says what is wrong with a request, as <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> has it. */
    static APIGatewayV2HTTPResponse problem(int status, String title, String detail) {
        JsonNode problem = JSON.createObjectNode()
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        return respond(status, "application/problem+json", problem);
    }

    private static APIGatewayV2HTTPResponse respond(int status, String contentType, JsonNode body) {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders({{ "Collections.singletonMap" if cookiecutter.java | int == 8 else "Map.of" }}("Content-Type", contentType))
                .withBody(body.toString())
                .build();
    }
}
