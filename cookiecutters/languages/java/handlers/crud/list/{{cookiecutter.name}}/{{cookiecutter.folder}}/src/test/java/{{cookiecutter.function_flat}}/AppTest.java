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
{% endif %}
import java.util.Collections;
{% if not modern %}
import java.util.HashMap;
{% endif %}
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

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
    void returnsAPage() throws IOException {
        dynamoDb.response = ScanResponse.builder()
                .items(Collections.singletonList(pencil()))
                .lastEvaluatedKey(key("-_"))
                .build();

        APIGatewayV2HTTPResponse response = app.handleRequest(sampleEvent(), null);

        assertEquals(200, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/json"), response.getHeaders());
        assertEquals(
                "{\"items\":[{\"id\":\"pencil\",\"name\":\"Pencil\",\"quantity\":3,\"version\":1}],\"next\":\"LV8\"}",
                response.getBody());
        assertEquals(ScanRequest.builder().tableName("items").limit(2).build(), dynamoDb.request);
    }

    @Test
    void returnsTheLastPage() {
        APIGatewayV2HTTPResponse response = app.handleRequest(request("next", "LV8"), null);

        assertEquals("{\"items\":[],\"next\":null}", response.getBody());
        assertEquals(
                ScanRequest.builder()
                        .tableName("items")
                        .limit(25)
                        .exclusiveStartKey(key("-_"))
                        .build(),
                dynamoDb.request);
    }

    @Test
    void returnsTheFirstPageWithoutAQuery() {
        app.handleRequest(new APIGatewayV2HTTPEvent(), null);

        assertEquals(ScanRequest.builder().tableName("items").limit(25).build(), dynamoDb.request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "99", "100"})
    void acceptsALimit(String limit) {
        app.handleRequest(request("limit", limit), null);

        assertEquals(Integer.valueOf(limit), dynamoDb.request.limit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "+1", "01", "101", "1.5", "1,2", "ten", "4294967297"})
    void refusesALimit(String limit) {
        APIGatewayV2HTTPResponse response = app.handleRequest(request("limit", limit), null);

        assertProblem(400, "Bad Request", "limit must be an integer from 1 to 100", response);
        assertNull(dynamoDb.request);
    }

    /** No base64, no id, padding, other bits, and characters that are not those of base64url. */
    @ParameterizedTest
    @ValueSource(strings = {"", "!", "YSBi", "YQ==", "YR", "cGVu\nY2ls", "+/8"})
    void refusesAToken(String token) {
        APIGatewayV2HTTPResponse response = app.handleRequest(request("next", token), null);

        assertProblem(400, "Bad Request", "next must be the next of an earlier answer", response);
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

    private static Map<String, AttributeValue> key(String id) {
        return {{ map_of }}("id", AttributeValue.fromS(id));
    }

    private static APIGatewayV2HTTPEvent request(String parameter, String value) {
        return APIGatewayV2HTTPEvent.builder()
                .withQueryStringParameters({{ map_of }}(parameter, value))
                .build();
    }

    private static APIGatewayV2HTTPEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }

    /** Answers with a page, which is empty at first. */
    private static final class FakeDynamoDb implements DynamoDbClient {

        private ScanResponse response = ScanResponse.builder().build();
        private RuntimeException failure;
        private ScanRequest request;

        @Override
        public ScanResponse scan(ScanRequest request) {
            this.request = request;
            if (failure != null) {
                throw failure;
            }
            return response;
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
