{% set has_http_client = cookiecutter.java | int > 8 %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.File;
import java.io.IOException;
{% if has_http_client %}
import java.io.InputStream;
{% endif %}
import java.lang.ProcessBuilder.Redirect;
{% if has_http_client %}
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
{% else %}
import java.net.HttpURLConnection;
import java.net.URL;
{% endif %}
import java.util.List;
import java.util.Map;
{% if has_http_client %}
import java.util.Optional;
{% endif %}

/** The stack that AWS_SAM_STACK_NAME names, reached with the SAM CLI's credentials and region. */
final class DeployedStack {

    private static final String API = "{{ cookiecutter.function_pascal }}Api";
    private static final PojoSerializer<Object> JSON =
            JacksonFactory.getInstance().getSerializer(Object.class);

    private DeployedStack() {}

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

    /** Returns the JSON object that a URL answers with, whose status must be 200. */
{% if has_http_client %}
    static Map<?, ?> get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());

        assertEquals(200, response.statusCode());
        assertEquals(Optional.of("application/json"), response.headers().firstValue("Content-Type"));
        return (Map<?, ?>) JSON.fromJson(response.body());
    }
{% else %}
    static Map<?, ?> get(String url) throws IOException {
        HttpURLConnection response = (HttpURLConnection) new URL(url).openConnection();
        response.setReadTimeout(30_000);

        assertEquals(200, response.getResponseCode());
        assertEquals("application/json", response.getContentType());
        return (Map<?, ?>) JSON.fromJson(response.getInputStream());
    }
{% endif %}
}
