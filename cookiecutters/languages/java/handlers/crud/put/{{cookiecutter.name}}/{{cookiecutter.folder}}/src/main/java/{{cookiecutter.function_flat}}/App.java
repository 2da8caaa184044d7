{% set map_of = "Map.of" if cookiecutter.java | int > 8 else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
{% if map_of != "Map.of" %}
import java.util.Collections;
{% endif %}
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Answers PUT /{{ cookiecutter.path }}. */
public class App implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private final String table;
    private final DynamoDbClient dynamoDb;

    /** Lambda calls this once for each execution environment. */
    public App() {
        this(Table.name(System.getenv()), Table.client());
    }

    App(String table, DynamoDbClient dynamoDb) {
        this.table = table;
        this.dynamoDb = dynamoDb;
    }

    /**
     * Stores the item with the id in the path: a new one, or the next version of the one whose version the caller has
     * read, so that nobody replaces what somebody else has stored since. An item that was deleted and stored again,
     * though, begins at version 1 again.
     */
    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent request, Context context) {
        Map<String, String> path = request.getPathParameters();
        String id = path == null ? null : path.get("id");
        if (!Api.isId(id)) {
            return Api.problem(400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores");
        }
        Item item;
        try {
            item = Item.parse(id, request.getBody(), request.getIsBase64Encoded());
        } catch (InvalidBodyException e) {
            return Api.problem(400, "Bad Request", e.getMessage());
        }
        boolean isNew = item.version() == 1;
        PutItemRequest.Builder put = PutItemRequest.builder().tableName(table).item(item.attributes());
        if (isNew) {
            put.conditionExpression("attribute_not_exists(id)");
        } else {
            put.conditionExpression("version = :version")
                    .expressionAttributeValues({{ map_of }}(":version", Item.number(item.version() - 1)));
        }
        try {
            dynamoDb.putItem(put.build());
        } catch (ConditionalCheckFailedException e) {
            // The SDK's retry also comes here if its first attempt stored the item and only the answer was lost.
            return Api.problem(
                    409,
                    "Conflict",
                    isNew
                            ? "there is an item with this id already; send its version to replace it"
                            : "the item does not have this version any more");
        }
        return Api.respond(isNew ? 201 : 200, item);
    }
}
