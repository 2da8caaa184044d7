{% set map_of = "Map.of" if cookiecutter.java | int > 8 else "Collections.singletonMap" %}
package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.util.{{ map_of.split(".") | first }};

/** Answers GET /{{ cookiecutter.path }}. */
public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent request, Context context) {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(200)
                .withHeaders({{ map_of }}("Content-Type", "application/json"))
                .withBody("{\"message\":\"hello world\"}");
    }
}
