{% set path_of = "Path.of" if cookiecutter.java | int > 8 else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
{% if path_of == "Paths.get" %}
import java.nio.file.Paths;
{% endif %}
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 63 %}
    private static final Path EVENT = {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% endif %}
    private static final PojoSerializer<App.Request> REQUESTS =
            JacksonFactory.getInstance().getSerializer(App.Request.class);
    private static final PojoSerializer<App.Response> RESPONSES =
            JacksonFactory.getInstance().getSerializer(App.Response.class);

    @Test
    void greetsByName() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            assertEquals("{\"message\":\"hello Ada\"}", answer(REQUESTS.fromJson(json)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": \"\"}", "{\"name\": null}"})
    void greetsTheWorldWithoutAName(String json) {
        assertEquals("{\"message\":\"hello world\"}", answer(REQUESTS.fromJson(json)));
    }

    /** Returns the function's answer as Lambda writes it. */
    private static String answer(App.Request request) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        RESPONSES.toJson(new App().handleRequest(request, null), json);
        return json.toString();
    }
}
