package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers GET / of a function URL, whose requests are those of API Gateway's payload format 2.0:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
public class App implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private static final JsonMapper JSON = new JsonMapper();

    /** Greets whoever the query names, or the world. A function URL passes on requests with any path and method. */
    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent request, Context context) {
        if (!request.getRawPath().equals("/")) {
            return problem(404, "Not Found", "there is nothing at " + request.getRawPath());
        }
        if (!request.getRequestContext().getHttp().getMethod().equals("GET")) {
            APIGatewayV2HTTPResponse response = problem(405, "Method Not Allowed", "use GET");
            response.getHeaders().put("Allow", "GET");
            return response;
        }
        String name = Optional.ofNullable(request.getQueryStringParameters())
                .map(query -> query.get("name"))
                .filter(value -> !value.isEmpty())
                .orElse("world");
        return respond(200, "application/json", JSON.createObjectNode().put("message", "hello " + name));
    }

    /** Says what is wrong with a request, as <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> has it. */
    private static APIGatewayV2HTTPResponse problem(int status, String title, String detail) {
        JsonNode problem = JSON.createObjectNode()
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        return respond(status, "application/problem+json", problem);
    }

    private static APIGatewayV2HTTPResponse respond(int status, String contentType, JsonNode body) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", contentType);
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(headers)
                .withBody(body.toString())
                .build();
    }
}
