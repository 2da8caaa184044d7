{% set has_http_client = cookiecutter.java | int > 8 %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
{% if has_http_client %}
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
{% else %}
import java.net.HttpURLConnection;
import java.net.URL;
{% endif %}
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Calls the API of the stack that AWS_SAM_STACK_NAME names, with the SAM CLI's credentials and region. */
@EnabledIfEnvironmentVariable(
        named = "AWS_SAM_STACK_NAME",
        matches = ".+",
        disabledReason = "set AWS_SAM_STACK_NAME to test the deployed stack")
class StackTest {

    private static final String ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";
    private static final JsonMapper JSON = new JsonMapper();

    @Test
{% if has_http_client %}
    void returnsTheCustomer() throws IOException, InterruptedException {
        String url = stackOutput("{{ cookiecutter.function_pascal }}Api");
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.replace("{id}", ID)))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

        assertEquals(200, response.statusCode());
        assertEquals(Optional.of("application/json"), response.headers().firstValue("Content-Type"));
        assertEquals(ID, JSON.readTree(response.body()).path("id").textValue());
    }
{% else %}
    void returnsTheCustomer() throws IOException {
        String url = stackOutput("{{ cookiecutter.function_pascal }}Api");
        HttpURLConnection response = (HttpURLConnection) new URL(url.replace("{id}", ID)).openConnection();
        response.setReadTimeout(30_000);

        assertEquals(200, response.getResponseCode());
        assertEquals("application/json", response.getContentType());
        assertEquals(ID, JSON.readTree(response.getInputStream()).path("id").textValue());
    }
{% endif %}

    /** Returns the value of one of the stack's outputs. */
    private static String stackOutput(String key) throws IOException {
        // On Windows, ProcessBuilder does not find a .cmd file by its name alone.
        String sam = System.getProperty("os.name").startsWith("Windows") ? "sam.cmd" : "sam";
        String stack = System.getenv("AWS_SAM_STACK_NAME");
        Process process = new ProcessBuilder(sam, "list", "stack-outputs", "--stack-name", stack, "--output", "json")
                .directory(new File("..")) // where samconfig.toml is
                .redirectError(Redirect.INHERIT)
                .start();
        for (JsonNode output : JSON.readTree(process.getInputStream())) {
            if (key.equals(output.path("OutputKey").textValue())) {
                return output.path("OutputValue").textValue();
            }
        }
        throw new AssertionError("the stack " + stack + " has no output " + key);
    }
}
