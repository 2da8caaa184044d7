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
{% else %}
import java.util.Map;
{% endif %}
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
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
    void deletesTheItem() throws IOException {
        APIGatewayV2HTTPResponse response = app.handleRequest(sampleEvent(), null);

        assertEquals(204, response.getStatusCode());
        assertNull(response.getHeaders());
        assertNull(response.getBody());
        assertEquals(
                DeleteItemRequest.builder()
                        .tableName("items")
                        .key({{ map_of }}("id", AttributeValue.fromS("pencil")))
                        .conditionExpression("attribute_exists(id)")
                        .build(),
                dynamoDb.request);
    }

    @Test
    void knowsNoSuchItem() throws IOException {
        dynamoDb.failure = ConditionalCheckFailedException.builder().build();

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

    /** Deletes any item, or fails. */
    private static final class FakeDynamoDb implements DynamoDbClient {

        private RuntimeException failure;
        private DeleteItemRequest request;

        @Override
        public DeleteItemResponse deleteItem(DeleteItemRequest request) {
            this.request = request;
            if (failure != null) {
                throw failure;
            }
            return DeleteItemResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
