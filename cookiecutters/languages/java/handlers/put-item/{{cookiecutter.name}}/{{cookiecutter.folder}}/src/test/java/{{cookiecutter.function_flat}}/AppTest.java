{% set accepted = [
    '{"name": "a", "quantity": 0}',
    '{"name": "a", "quantity": 2147483647}',
    '{"name": "a", "quantity": 3, "id": "pen", "note": "another key"}',
] %}
{% set no_objects = [
    'this is not JSON',
    '{"name": "Pencil", "quantity": 3',
    '[]',
    'null',
    '"text"',
    '{"name": "Pencil", "quantity": 3} {}',
] %}
{% set bad_names = [
    '{"quantity": 3}',
    '{"Name": "Pencil", "quantity": 3}',
    '{"name": null, "quantity": 3}',
    '{"name": 5, "quantity": 3}',
    '{"name": "\\\\ud800", "quantity": 3}',
    '{"name": "", "quantity": -1}',
] %}
{% set bad_quantities = [
    '{"name": "Pencil"}',
    '{"name": "Pencil", "quantity": null}',
    '{"name": "Pencil", "quantity": true}',
    '{"name": "Pencil", "quantity": "3"}',
    '{"name": "Pencil", "quantity": 1.5}',
    '{"name": "Pencil", "quantity": 3.0}',
    '{"name": "Pencil", "quantity": -1}',
    '{"name": "Pencil", "quantity": 2147483648}',
] %}
{% macro bodies(name, values) %}
{% if cookiecutter.java | int >= 17 %}
    static Stream<String> {{ name }}() {
        return """
{% for value in values %}
                {{ value }}
{% endfor %}
                """.lines();
    }

    @ParameterizedTest
    @MethodSource
{% else %}
    @ParameterizedTest
    @ValueSource(
            strings = {
{% for value in values %}
                "{{ value | replace('"', '\\"') }}"{{ "" if loop.last else "," }}
{% endfor %}
            })
{% endif %}
    void {{ name }}(String body) {
{% endmacro %}
{% set modern = cookiecutter.java | int > 8 %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
{% set map_of = "Map.of" if modern else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
{% if not modern %}
import java.nio.file.Paths;
{% endif %}
import java.util.Collections;
{% if not modern %}
import java.util.HashMap;
{% endif %}
import java.util.Map;
{% if cookiecutter.java | int >= 17 %}
import java.util.stream.Stream;
{% endif %}
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
{% if cookiecutter.java | int >= 17 %}
import org.junit.jupiter.params.provider.MethodSource;
{% endif %}
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 63 %}
    private static final Path EVENT = {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% endif %}
    private static final String ITEM = "{\"name\": \"Pencil\", \"quantity\": 3}";

    private final FakeDynamoDb dynamoDb = new FakeDynamoDb();
    private final App app = new App("items", dynamoDb);

    @Test
    void storesANewItem() throws IOException {
        APIGatewayProxyResponseEvent response = app.handleRequest(sampleEvent(), null);

        assertEquals(201, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/json"), response.getHeaders());
        assertEquals("{\"id\":\"pencil\",\"name\":\"Pencil\",\"quantity\":3}", response.getBody());
        assertEquals(
                PutItemRequest.builder()
                        .tableName("items")
                        .item(pencil())
                        .conditionExpression("attribute_not_exists(id)")
                        .build(),
                dynamoDb.request);
    }

    @Test
    void replacesNoItem() throws IOException {
        dynamoDb.failure = ConditionalCheckFailedException.builder().build();

        assertProblem(409, "Conflict", "there is an item with this id already", app.handleRequest(sampleEvent(), null));
    }

    @Test
    void limitsTheBytesOfABody() {
        // With it, both bodies have 1024 characters, of which one has two bytes in UTF-8.
{% if modern %}
        String padding = " ".repeat(996);
{% else %}
        String padding = String.join("", Collections.nCopies(996, " "));
{% endif %}

        assertEquals(201, put("{\"name\": \"a\", \"quantity\": 3}" + padding).getStatusCode());
        assertProblem(
                413,
                "Content Too Large",
                "the body must not have more than 1024 bytes",
                put("{\"name\": \"\u00e9\", \"quantity\": 3}" + padding));
    }

    @ParameterizedTest
    @NullAndEmptySource
    void refusesARequestWithoutABody(String body) {
        assertRefused("the body must be a JSON object", put(body));
    }

    @Test
    void countsTheCharactersOfAName() {
        // Each of them is two chars in Java.
{% if modern %}
        String longest = "\uD83D\uDE00".repeat(100);
{% else %}
        String longest = String.join("", Collections.nCopies(100, "\uD83D\uDE00"));
{% endif %}

        assertEquals(
                201, put("{\"name\": \"" + longest + "\", \"quantity\": 3}").getStatusCode());
        assertRefused(
                "name must be a string of 1 to 100 characters",
                put("{\"name\": \"" + longest + "a\", \"quantity\": 3}"));
    }

{{ bodies("acceptsAnItem", accepted) }}        assertEquals(201, put(body).getStatusCode());
    }

{{ bodies("refusesWhatIsNoObject", no_objects) }}        assertRefused("the body must be a JSON object", put(body));
    }

{{ bodies("refusesAnInvalidName", bad_names) }}        assertRefused("name must be a string of 1 to 100 characters", put(body));
    }

{{ bodies("refusesAnInvalidQuantity", bad_quantities) }}        assertRefused("quantity must be an integer from 0 to 2147483647", put(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "aZ09_-"})
    void acceptsAnId(String id) {
        assertEquals(201, app.handleRequest(request(id).withBody(ITEM), null).getStatusCode());
        assertEquals(AttributeValue.fromS(id), dynamoDb.request.item().get("id"));
    }

    @Test
    void limitsTheLengthOfAnId() {
{% if modern %}
        String longest = "a".repeat(100);
{% else %}
        String longest = String.join("", Collections.nCopies(100, "a"));
{% endif %}

        assertEquals(
                201, app.handleRequest(request(longest).withBody(ITEM), null).getStatusCode());
        assertEquals(
                400,
                app.handleRequest(request(longest + "a").withBody(ITEM), null).getStatusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "\u00e9", "a\n"})
    void refusesAMalformedId(String id) {
        APIGatewayProxyResponseEvent response = app.handleRequest(request(id), null);

        assertProblem(400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores", response);
        assertNull(dynamoDb.request);
    }

    @Test
    void refusesARequestWithoutAnId() {
        APIGatewayProxyResponseEvent response = app.handleRequest(new APIGatewayProxyRequestEvent(), null);

        assertEquals(400, response.getStatusCode());
        assertNull(dynamoDb.request);
    }

    @Test
    void raisesWhateverElseDynamoDbSays() throws IOException {
        dynamoDb.failure = ResourceNotFoundException.builder().build();
        APIGatewayProxyRequestEvent event = sampleEvent();

        assertThrows(ResourceNotFoundException.class, () -> app.handleRequest(event, null));
    }

    @Test
    void needsTheNameOfTheTable() {
        assertEquals("items", App.tableName(Collections.singletonMap("TABLE_NAME", "items")));
        assertThrows(IllegalStateException.class, () -> App.tableName(Collections.emptyMap()));
    }

    private APIGatewayProxyResponseEvent put(String body) {
        return app.handleRequest(request("pencil").withBody(body), null);
    }

    private void assertRefused(String detail, APIGatewayProxyResponseEvent response) {
        assertProblem(400, "Bad Request", detail, response);
    }

    private static void assertProblem(int status, String title, String detail, APIGatewayProxyResponseEvent response) {
        assertEquals(status, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/problem+json"), response.getHeaders());
        assertEquals(
                String.format("{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}", title, status, detail),
                response.getBody());
    }

    private static Map<String, AttributeValue> pencil() {
{% if modern %}
        return Map.of(
                "id", AttributeValue.fromS("pencil"),
                "name", AttributeValue.fromS("Pencil"),
                "quantity", AttributeValue.fromN("3"));
{% else %}
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("id", AttributeValue.fromS("pencil"));
        item.put("name", AttributeValue.fromS("Pencil"));
        item.put("quantity", AttributeValue.fromN("3"));
        return item;
{% endif %}
    }

    private static APIGatewayProxyRequestEvent request(String id) {
        return new APIGatewayProxyRequestEvent().withPathParameters({{ map_of }}("id", id));
    }

    private static APIGatewayProxyRequestEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(
                            APIGatewayProxyRequestEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }

    /** Stores any item, or fails. */
    private static final class FakeDynamoDb implements DynamoDbClient {

        private RuntimeException failure;
        private PutItemRequest request;

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            this.request = request;
            if (failure != null) {
                throw failure;
            }
            return PutItemResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
