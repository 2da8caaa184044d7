package {{ cookiecutter.function_flat }};

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;

/** Greets by name. */
public class App implements RequestHandler<App.Request, App.Response> {

    /**
     * What the function is invoked with. The events of AWS services have classes in aws-lambda-java-events; others are
     * classes with getters and setters: https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html
     */
    public static class Request {

        private String name;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    /** What the function answers. */
{% if cookiecutter.java | int >= 17 %}
    public record Response(String message) {}

{% else %}
    public static class Response {

        private final String message;

        Response(String message) {
            this.message = message;
        }

        public String getMessage() {
            return message;
        }
    }

{% endif %}
    @Override
    public Response handleRequest(Request request, Context context) {
        String name = request.getName();
        return new Response("hello " + (name == null || name.isEmpty() ? "world" : name));
    }
}
