{% set modern = cookiecutter.java | int > 8 %}
{% set map_of = "Map.of" if modern else "Collections.singletonMap" %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
{% if not modern %}
import java.nio.file.Paths;
import java.util.Collections;
import java.util.HashMap;
{% endif %}
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 63 %}
    private static final Path EVENT = {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% endif %}
    private static final PojoSerializer<APIGatewayV2HTTPEvent> REQUESTS =
            LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, AppTest.class.getClassLoader());

    @Test
    void greetsByName() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            assertGreets("hello Ada", REQUESTS.fromJson(json));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": \"\"}", "null"})
    void greetsTheWorldWithoutAName(String query) {
        assertGreets("hello world", request("GET", "/", query));
    }

    @Test
    void greetsTheWorldWithoutAQuery() {
        String json = "{\"rawPath\": \"/\", \"requestContext\": {\"http\": {\"method\": \"GET\"}}}";

        assertGreets("hello world", REQUESTS.fromJson(json));
    }

    @Test
    void escapesTheName() {
        assertGreets("hello \\\"Ada\\\"", request("GET", "/", "{\"name\": \"\\\"Ada\\\"\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void knowsNoOtherPath(String method) {
        APIGatewayV2HTTPResponse response = handle(request(method, "/other", "{}"));

        assertEquals(404, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/problem+json"), response.getHeaders());
        assertEquals(
                "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is nothing at /other\"}",
                response.getBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "OPTIONS"})
    void allowsNoOtherMethod(String method) {
        APIGatewayV2HTTPResponse response = handle(request(method, "/", "{}"));

        assertEquals(405, response.getStatusCode());
{% if modern %}
        assertEquals(Map.of("Content-Type", "application/problem+json", "Allow", "GET"), response.getHeaders());
{% else %}
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/problem+json");
        headers.put("Allow", "GET");
        assertEquals(headers, response.getHeaders());
{% endif %}
        assertEquals("{\"title\":\"Method Not Allowed\",\"status\":405,\"detail\":\"use GET\"}", response.getBody());
    }

    private static void assertGreets(String message, APIGatewayV2HTTPEvent request) {
        APIGatewayV2HTTPResponse response = handle(request);

        assertEquals(200, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/json"), response.getHeaders());
        assertEquals("{\"message\":\"" + message + "\"}", response.getBody());
    }

    private static APIGatewayV2HTTPResponse handle(APIGatewayV2HTTPEvent request) {
        return new App().handleRequest(request, null);
    }

    private static APIGatewayV2HTTPEvent request(String method, String path, String query) {
        return REQUESTS.fromJson("{\"rawPath\": \"" + path + "\", \"queryStringParameters\": " + query
                + ", \"requestContext\": {\"http\": {\"method\": \"" + method + "\"}}}");
    }
}
