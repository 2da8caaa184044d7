package {{ cookiecutter.function_flat }};

import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Where the items are, as template.yaml says it. */
final class Table {

    private Table() {}

    /** Returns the table's name. Throws an exception if it is not among these environment variables. */
    static String name(Map<String, String> environment) {
        String name = environment.get("TABLE_NAME");
        if (name == null || name.isEmpty()) {
            throw new IllegalStateException("the environment variable TABLE_NAME is not set");
        }
        return name;
    }

    /** Returns a client with the function's region and credentials. */
    static DynamoDbClient client() {
        return DynamoDbClient.builder()
                // A small HTTP client, for a short cold start. It would wait 30 seconds for an answer; like this, all
                // attempts of the SDK fit into the function's 20 seconds.
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(1))
                        .socketTimeout(Duration.ofSeconds(3)))
                .build();
    }
}
