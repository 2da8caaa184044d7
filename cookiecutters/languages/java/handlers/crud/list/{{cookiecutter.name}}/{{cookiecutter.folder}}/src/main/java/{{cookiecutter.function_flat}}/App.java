{% set map_of = "Map.of" if cookiecutter.java | int > 8 else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Base64;
{% if map_of != "Map.of" %}
import java.util.Collections;
{% endif %}
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
{% if cookiecutter.java | int < 17 %}
import java.util.stream.Collectors;
{% endif %}
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Answers GET /{{ cookiecutter.path }}. */
public class App implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private static final String DEFAULT_LIMIT = "25";
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");

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

    /** Returns a page of the items. */
    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent request, Context context) {
        Optional<Map<String, String>> query = Optional.ofNullable(request.getQueryStringParameters());
        String limit = query.map(parameters -> parameters.get("limit")).orElse(DEFAULT_LIMIT);
        if (!LIMIT.matcher(limit).matches()) {
            return Api.problem(400, "Bad Request", "limit must be an integer from 1 to 100");
        }
        ScanRequest.Builder scan = ScanRequest.builder().tableName(table).limit(Integer.valueOf(limit));
        Optional<String> token = query.map(parameters -> parameters.get("next"));
        if (token.isPresent()) {
            Optional<String> id = token.flatMap(App::decode);
            if (!id.isPresent()) {
                return Api.problem(400, "Bad Request", "next must be the next of an earlier answer");
            }
            scan.exclusiveStartKey({{ map_of }}("id", AttributeValue.fromS(id.get())));
        }
        ScanResponse response = dynamoDb.scan(scan.build());
{% if cookiecutter.java | int >= 17 %}
        List<Item> items = response.items().stream().map(Item::of).toList();
{% else %}
        List<Item> items = response.items().stream().map(Item::of).collect(Collectors.toList());
{% endif %}
        Map<String, AttributeValue> last = response.lastEvaluatedKey();
        String next = last.isEmpty() ? null : encode(last.get("id").s());
        return Api.respond(200, new Page(items, next));
    }

    /** Returns a token for the page after an item, which callers need not understand. */
    private static String encode(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
    }

    /** Returns the id in a token, if the token is one that {@link #encode} returns. */
    private static Optional<String> decode(String token) {
        String id;
        try {
            id = new String(Base64.getUrlDecoder().decode(token), UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // Decoding also takes padding, and bits that encoding leaves zero.
        return Api.isId(id) && encode(id).equals(token) ? Optional.of(id) : Optional.empty();
    }
}
