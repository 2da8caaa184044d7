{% set map_of = "Map.of" if cookiecutter.java | int > 8 else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
{% if map_of != "Map.of" %}
import java.util.Collections;
{% endif %}
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Answers PUT /{{ cookiecutter.path }}. */
public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final int MAX_BODY_BYTES = 1024;

    private final String table;
    private final DynamoDbClient dynamoDb;

    /** Lambda calls this once for each execution environment. */
    public App() {
        this(tableName(System.getenv()), client());
    }

    App(String table, DynamoDbClient dynamoDb) {
        this.table = table;
        this.dynamoDb = dynamoDb;
    }

    /** Returns the name of the table in template.yaml. */
    static String tableName(Map<String, String> environment) {
        String name = environment.get("TABLE_NAME");
        if (name == null || name.isEmpty()) {
            throw new IllegalStateException("the environment variable TABLE_NAME is not set");
        }
        return name;
    }

    /** Returns a client with the function's region and credentials. */
    private static DynamoDbClient client() {
        return DynamoDbClient.builder()
                // A small HTTP client, for a short cold start. It would wait 30 seconds for an answer; like this, all
                // attempts of the SDK fit into the function's 20 seconds.
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(3)))
                .build();
    }

    /** Stores the item in the body under the id in the path, unless there is one. */
    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent request, Context context) {
        Map<String, String> path = request.getPathParameters();
        String id = path == null ? null : path.get("id");
        if (id == null || !ID.matcher(id).matches()) {
            return problem(400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores");
        }
        String body = request.getBody() == null ? "" : request.getBody();
        if (body.getBytes(UTF_8).length > MAX_BODY_BYTES) {
            return problem(413, "Content Too Large", "the body must not have more than 1024 bytes");
        }
        Item item;
        try {
            item = Item.parse(id, body);
        } catch (InvalidBodyException e) {
            return problem(400, "Bad Request", e.getMessage());
        }
        try {
            dynamoDb.putItem(PutItemRequest.builder()
                    .tableName(table)
                    .item(item.attributes())
                    // DynamoDB decides, since between reading and writing another request may come.
                    .conditionExpression("attribute_not_exists(id)")
                    .build());
        } catch (ConditionalCheckFailedException e) {
            // The SDK's retry also comes here if its first attempt stored the item and only the answer was lost.
            return problem(409, "Conflict", "there is an item with this id already");
        }
        return respond(201, "application/json", JSON.valueToTree(item));
    }

    /** Says what is wrong with a request, as <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> has it. */
    private static APIGatewayProxyResponseEvent problem(int status, String title, String detail) {
        JsonNode problem = JSON.createObjectNode()
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        return respond(status, "application/problem+json", problem);
    }

    private static APIGatewayProxyResponseEvent respond(int status, String contentType, JsonNode body) {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(status)
                .withHeaders({{ map_of }}("Content-Type", contentType))
                .withBody(body.toString());
    }
}
