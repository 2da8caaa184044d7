{% set modern = cookiecutter.java | int > 8 %}
{% set list_of = "List.of" if modern else "Arrays.asList" %}
{% set map_of = "Map.of" if modern else "Collections.singletonMap" %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
{% if not modern %}
import java.nio.file.Paths;
{% endif %}
import java.util.ArrayList;
{% if not modern %}
import java.util.Arrays;
import java.util.Collections;
{% endif %}
import java.util.List;
import java.util.Locale;
{% if modern %}
import java.util.Map;
{% endif %}
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
    private static final String ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";
    private static final String UUID_4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    private static final JsonMapper JSON = new JsonMapper();

    private final App app = new App();

    @Test
    void returnsTheWholeCustomer() throws IOException {
        JsonNode customer = customer(app.handleRequest(sampleEvent(), null));
        JsonNode address = customer.path("address");

        assertEquals({{ list_of }}("id", "name", "email", "phone", "address"), keys(customer));
        assertEquals({{ list_of }}("street", "city", "postcode", "country"), keys(address));
        // Patterns that tell the fields apart, so that two that are swapped are found.
        assertEquals(ID, customer.path("id").textValue());
        assertMatches("\\D+", customer.path("name"));
        assertMatches("[^@]+@example\\.(com|net|org)", customer.path("email"));
        assertMatches(".*\\d{3}.*", customer.path("phone"));
        assertMatches("\\d+ .+", address.path("street"));
        assertMatches("\\D+", address.path("city"));
        assertMatches("\\d{5}(-\\d{4})?", address.path("postcode"));
        assertMatches("\\D+", address.path("country"));
    }

    @Test
    void returnsTheSameCustomerForTheSameId() throws IOException {
        JsonNode first = customer(get(ID));

        assertEquals(first, customer(get(ID)));
        assertEquals(first, customer(get(ID.toUpperCase(Locale.ROOT))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a12", "bf0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"})
    void returnsAnotherCustomerForAnotherId(String id) throws IOException {
        assertNotEquals(withoutId(get(ID)), withoutId(get(id)));
    }

    @Test
    void returnsANewCustomerWithoutAnId() throws IOException {
        APIGatewayProxyRequestEvent request = new APIGatewayProxyRequestEvent();
        JsonNode first = customer(app.handleRequest(request, null));
        request.setPathParameters({{ "Map.of()" if modern else "Collections.emptyMap()" }});
        JsonNode second = customer(app.handleRequest(request, null));

        assertMatches(UUID_4, first.path("id"));
        assertNotEquals(first, second);
        assertEquals(first, customer(get(first.path("id").textValue())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "42",
                "1-1-1-1-1",
                "{3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11}",
                "urn:uuid:3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11",
                "3f0d0c6b2b1e4c8a9a530b6f6e6f7a11",
                "3f0d0c6b-2b1e-4c8a-9a530b6f6e6f7a11",
                "gf0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11",
                "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a111",
                "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11\n"
            })
    void refusesAMalformedId(String id) {
        APIGatewayProxyResponseEvent response = get(id);

        assertEquals(400, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/problem+json"), response.getHeaders());
        assertEquals("{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"id must be a UUID\"}", response.getBody());
    }

    private APIGatewayProxyResponseEvent get(String id) {
        APIGatewayProxyRequestEvent request = new APIGatewayProxyRequestEvent();
        request.setPathParameters({{ map_of }}("id", id));
        return app.handleRequest(request, null);
    }

    private static JsonNode customer(APIGatewayProxyResponseEvent response) throws IOException {
        assertEquals(200, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/json"), response.getHeaders());
        return JSON.readTree(response.getBody());
    }

    private static void assertMatches(String pattern, JsonNode value) {
        assertTrue(value.asText().matches(pattern), value.asText());
    }

    private static JsonNode withoutId(APIGatewayProxyResponseEvent response) throws IOException {
        return ((ObjectNode) customer(response)).without("id");
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static APIGatewayProxyRequestEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(
                            APIGatewayProxyRequestEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
