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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/** Answers GET /{{ cookiecutter.path }}. */
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

    /** Returns the item with the id in the path. */
    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent request, Context context) {
        Map<String, String> path = request.getPathParameters();
        String id = path == null ? null : path.get("id");
        if (!Api.isId(id)) {
            return Api.problem(400, "Bad Request", "id must have 1 to 100 letters, digits, hyphens or underscores");
        }
        GetItemResponse response = dynamoDb.getItem(GetItemRequest.builder()
                .tableName(table)
                .key({{ map_of }}("id", AttributeValue.fromS(id)))
                // So that whoever has just stored the item finds it.
                .consistentRead(true)
                .build());
        if (!response.hasItem()) {
            return Api.problem(404, "Not Found", "there is no item with this id");
        }
        return Api.respond(200, Item.of(response.item()));
    }
}
