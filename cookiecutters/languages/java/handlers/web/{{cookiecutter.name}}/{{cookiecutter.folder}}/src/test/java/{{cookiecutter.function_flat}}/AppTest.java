package {{ cookiecutter.function_flat }};

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.http.HttpStatus.BAD_REQUEST;
import static org.springframework.http.HttpStatus.NOT_FOUND;
import static org.springframework.http.HttpStatus.OK;
import static org.springframework.http.MediaType.APPLICATION_JSON;
import static org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.json.JsonMapper;

@WebMvcTest
class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 56 %}
    private static final Path EVENT = Path.of("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            Path.of("../{{ cookiecutter.events }}/event.json");
{% endif %}

    @Autowired
    private MockMvcTester http;

    @Test
    void theSampleEventAsksForAGreeting(@Autowired JsonMapper json) {
        assertGreets("Ada", get(json.readTree(EVENT).path("rawPath").stringValue()));
    }

    static String[] names() {
        return new String[] {"Ada", "Zoë", "a b", "x".repeat(100), "😀".repeat(100)};
    }

    @ParameterizedTest
    @MethodSource("names")
    void greets(String name) {
        assertGreets(name, get("/greetings/{name}", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "😀"})
    void refusesALongName(String letter) {
        MvcTestResult response = get("/greetings/{name}", letter.repeat(101));

        assertThat(response).hasStatus(BAD_REQUEST).hasContentType(APPLICATION_PROBLEM_JSON);
        assertThat(response).bodyText().contains("\"detail\":\"name must have at most 100 characters\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/greetings", "/greetings/", "/greetings/a/b"})
    void knowsNoOtherPath(String path) {
        assertThat(get(path)).hasStatus(NOT_FOUND);
    }

    @Test
    void isHealthy() {
        assertThat(get("/health")).hasStatus(OK);
    }

    private MvcTestResult get(String path, Object... variables) {
        return http.get().uri(path, variables).exchange();
    }

    private static void assertGreets(String name, MvcTestResult response) {
        assertThat(response)
                .hasStatus(OK)
                .hasContentType(APPLICATION_JSON)
                .hasBodyTextEqualTo("{\"message\":\"hello " + name + "\"}");
    }
}
