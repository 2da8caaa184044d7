{% set modern = cookiecutter.java | int > 8 %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
{% set map_of = "Map.of" if modern else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 63 %}
    private static final Path EVENT = {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% endif %}

    private final FakeDynamoDb dynamoDb = new FakeDynamoDb();
    private final App app = new App("items", dynamoDb);

    @Test
    void returnsTheItem() throws IOException {
        dynamoDb.item = pencil();

        APIGatewayV2HTTPResponse response = app.handleRequest(sampleEvent(), null);

        assertEquals(200, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/json"), response.getHeaders());
        assertEquals("{\"id\":\"pencil\",\"name\":\"Pencil\",\"quantity\":3,\"version\":1}", response.getBody());
        assertEquals(
                GetItemRequest.builder()
                        .tableName("items")
                        .key({{ map_of }}("id", AttributeValue.fromS("pencil")))
                        .consistentRead(true)
                        .build(),
                dynamoDb.request);
    }

    @Test
    void knowsNoSuchItem() throws IOException {
        APIGatewayV2HTTPResponse response = app.handleRequest(sampleEvent(), null);

        assertProblem(404, "Not Found", "there is no item with this id", response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b"})
    void refusesAMalformedId(String id) {
        APIGatewayV2HTTPResponse response = app.handleRequest(request(id), null);

        assertProblem(400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores", response);
        assertNull(dynamoDb.request);
    }

    @Test
    void refusesARequestWithoutAnId() {
        APIGatewayV2HTTPResponse response = app.handleRequest(new APIGatewayV2HTTPEvent(), null);

        assertEquals(400, response.getStatusCode());
        assertNull(dynamoDb.request);
    }

    @Test
    void raisesWhateverElseDynamoDbSays() throws IOException {
        dynamoDb.failure = ResourceNotFoundException.builder().build();
        APIGatewayV2HTTPEvent event = sampleEvent();

        assertThrows(ResourceNotFoundException.class, () -> app.handleRequest(event, null));
    }

    private static void assertProblem(int status, String title, String detail, APIGatewayV2HTTPResponse response) {
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
                "quantity", AttributeValue.fromN("3"),
                "version", AttributeValue.fromN("1"));
{% else %}
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("id", AttributeValue.fromS("pencil"));
        item.put("name", AttributeValue.fromS("Pencil"));
        item.put("quantity", AttributeValue.fromN("3"));
        item.put("version", AttributeValue.fromN("1"));
        return item;
{% endif %}
    }

    private static APIGatewayV2HTTPEvent request(String id) {
        return APIGatewayV2HTTPEvent.builder()
                .withPathParameters({{ map_of }}("id", id))
                .build();
    }

    private static APIGatewayV2HTTPEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }

    /** Answers with an item, or none. */
    private static final class FakeDynamoDb implements DynamoDbClient {

        private Map<String, AttributeValue> item;
        private RuntimeException failure;
        private GetItemRequest request;

        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            this.request = request;
            if (failure != null) {
                throw failure;
            }
            return GetItemResponse.builder().item(item).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
