{% set has_http_client = cookiecutter.java | int > 8 %}
package {{ cookiecutter.function_flat }};

{% if not has_http_client %}
import static java.nio.charset.StandardCharsets.UTF_8;

{% endif %}
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.File;
import java.io.IOException;
{% if not has_http_client %}
import java.io.InputStream;
{% endif %}
import java.lang.ProcessBuilder.Redirect;
{% if has_http_client %}
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
{% else %}
import java.net.HttpURLConnection;
import java.net.URL;
{% endif %}
import java.util.List;
import java.util.Map;
{% if not has_http_client %}
import java.util.Scanner;
{% endif %}

/** The stack that AWS_SAM_STACK_NAME names, reached with the SAM CLI's credentials and region. */
final class DeployedStack {

    private static final String API = "{{ cookiecutter.function_pascal }}Api";
    private static final PojoSerializer<Object> JSON =
            JacksonFactory.getInstance().getSerializer(Object.class);

    private DeployedStack() {}

    /** What the API answers to a request. */
{% if cookiecutter.java | int >= 17 %}
    record Response(int status, String contentType, String body) {}

{% else %}
    static final class Response {

        private final int status;
        private final String contentType;
        private final String body;

        private Response(int status, String contentType, String body) {
            this.status = status;
            this.contentType = contentType;
            this.body = body;
        }

        int status() {
            return status;
        }

        String contentType() {
            return contentType;
        }

        String body() {
            return body;
        }
    }

{% endif %}
    /** Returns the URL of the function's API. */
    static String url() throws IOException {
        // On Windows, ProcessBuilder does not find a .cmd file by its name alone.
        String sam = System.getProperty("os.name").startsWith("Windows") ? "sam.cmd" : "sam";
        String stack = System.getenv("AWS_SAM_STACK_NAME");
        Process process = new ProcessBuilder(sam, "list", "stack-outputs", "--stack-name", stack, "--output", "json")
                .directory(new File("..")) // where samconfig.toml is
                .redirectError(Redirect.INHERIT)
                .start();
        for (Object output : (List<?>) JSON.fromJson(process.getInputStream())) {
            Map<?, ?> fields = (Map<?, ?>) output;
            if (API.equals(fields.get("OutputKey"))) {
                return (String) fields.get("OutputValue");
            }
        }
        throw new AssertionError("the stack " + stack + " has no output " + API);
    }

    /** Sends a request, whose body may be empty. */
{% if has_http_client %}
    static Response send(String method, String url, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        String contentType = response.headers().firstValue("Content-Type").orElse("");
        return new Response(response.statusCode(), contentType, response.body());
    }
{% else %}
    static Response send(String method, String url, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setReadTimeout(30_000);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(UTF_8));
        }
        int status = connection.getResponseCode();
        InputStream content = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        try (Scanner scanner = new Scanner(content, "UTF-8").useDelimiter("\\A")) {
            return new Response(status, connection.getContentType(), scanner.next());
        }
    }
{% endif %}
}
