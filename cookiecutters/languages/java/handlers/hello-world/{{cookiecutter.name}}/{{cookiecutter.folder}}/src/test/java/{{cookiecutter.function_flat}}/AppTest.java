{% set map_of = "Map.of" if cookiecutter.java | int > 8 else "Collections.singletonMap" %}
{% set path_of = "Path.of" if cookiecutter.java | int > 8 else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
{% if path_of == "Paths.get" %}
import java.nio.file.Paths;
{% endif %}
import java.util.{{ map_of.split(".") | first }};
import org.junit.jupiter.api.Test;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 63 %}
    private static final Path EVENT = {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% endif %}

    @Test
    void greets() throws IOException {
        APIGatewayProxyResponseEvent response = new App().handleRequest(sampleEvent(), null);

        assertEquals(200, response.getStatusCode());
        assertEquals({{ map_of }}("Content-Type", "application/json"), response.getHeaders());
        assertEquals("{\"message\":\"hello world\"}", response.getBody());
    }

    private static APIGatewayProxyRequestEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(
                            APIGatewayProxyRequestEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
