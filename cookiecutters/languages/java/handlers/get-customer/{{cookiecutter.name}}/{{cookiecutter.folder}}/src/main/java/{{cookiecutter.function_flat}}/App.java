package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.SecureRandom;
import java.util.Collections;
import net.datafaker.Faker;

/** Answers GET /{{ cookiecutter.path }} with a customer that was never seen before. */
public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    private static final JsonMapper JSON = new JsonMapper();

    private final Faker faker;

    /** Lambda calls this one. Environments that start from one snapshot would share the state of another Random. */
    public App() {
        this(new Faker(new SecureRandom()));
    }

    App(Faker faker) {
        this.faker = faker;
    }

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent request, Context context) {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(200)
                .withHeaders(Collections.singletonMap("Content-Type", "application/json"))
                .withBody(JSON.valueToTree(Customer.make(faker)).toString());
    }
}
