package {{ cookiecutter.function_flat }};

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.ProxyRequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.cloudwatchlogs.emf.config.EnvironmentConfigurationProvider;
import software.amazon.cloudwatchlogs.emf.environment.Environments;
import software.amazon.lambda.powertools.common.internal.LambdaHandlerProcessor;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if cookiecutter.events | length <= 56 %}
    private static final Path EVENT = Path.of("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            Path.of("../{{ cookiecutter.events }}/event.json");
{% endif %}
    private static final JsonMapper JSON = new JsonMapper();

    /** What Lambda says of an invocation, by the method that returns it. */
    private static final Map<String, Object> INVOCATION = Map.of(
            "getAwsRequestId", "8d7e6f5a-4b3c-2d1e-0f9a-8b7c6d5e4f3a",
            "getFunctionName", "greeting-api",
            "getFunctionVersion", "1",
            "getInvokedFunctionArn", "arn:aws:lambda:us-east-1:123456789012:function:greeting-api",
            "getMemoryLimitInMB", 512);

    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            AppTest.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> INVOCATION.get(method.getName()));

    private static final PrintStream STDOUT = System.out;
    private static final ByteArrayOutputStream WRITTEN = new ByteArrayOutputStream();

    private static APIGatewayProxyResponseEvent firstResponse;
    private static List<JsonNode> firstLines;

    /** Starts as in Lambda, where environment variables say all of this. */
    @BeforeAll
    static void startCold() throws IOException, ReflectiveOperationException {
        System.setOut(new PrintStream(WRITTEN, true, UTF_8));
        MetricsFactory.getMetricsInstance().setNamespace("greetings");
        EnvironmentConfigurationProvider.getConfig().setEnvironmentOverride(Environments.Lambda);
        Field isColdStart = LambdaHandlerProcessor.class.getDeclaredField("isColdStart");
        isColdStart.setAccessible(true);
        isColdStart.set(null, true);

        firstResponse = new App().handleRequest(sampleEvent(), CONTEXT);
        firstLines = lines();
    }

    @AfterAll
    static void restoreStdout() {
        System.setOut(STDOUT);
    }

    @BeforeEach
    void forgetWhatWasWritten() {
        WRITTEN.reset();
    }

    @Test
    void greets() {
        assertAnswers("hello Ada", firstResponse);
    }

    @Test
    void logsOneLine() throws IOException {
        JsonNode line = onlyLineWith("message", firstLines);

        assertEquals("INFO", line.path("level").textValue());
        assertEquals("greeting sent", line.path("message").textValue());
        assertEquals("Ada", line.path("name").textValue());
        String requestId = sampleEvent().getRequestContext().getRequestId();
        assertEquals(requestId, line.path("correlation_id").textValue());
        String invocationId = CONTEXT.getAwsRequestId();
        assertEquals(invocationId, line.path("function_request_id").textValue());
    }

    @Test
    void countsGreetings() {
        JsonNode metric = onlyLineWith("Greetings", firstLines);

        assertEquals(1, metric.path("Greetings").intValue());
        JsonNode published = metric.at("/_aws/CloudWatchMetrics/0");
        assertEquals("greetings", published.path("Namespace").textValue());
        assertEquals("Count", published.at("/Metrics/0/Unit").textValue());
    }

    @Test
    void countsColdStarts() throws IOException {
        assertEquals(1, onlyLineWith("ColdStart", firstLines).path("ColdStart").intValue());

        get("Ada");

        // This one is not cold.
        assertEquals(2, lines().size());
    }

    @ParameterizedTest
    @CsvSource({
        "%20Ada%20, Ada",
        "Ada%20Lovelace, Ada Lovelace",
        "Zo%C3%AB, Zoë",
        "a%2Fb, a/b",
        "100%25, 100%",
        "a+b, a+b",
        "a%2Bb, a+b"
    })
    void greetsByTheDecodedName(String encoded, String name) {
        assertAnswers("hello " + name, get(encoded));
    }

    @Test
    void countsCharacters() {
        // An emoji takes two of Java's chars.
        assertAnswers("hello " + "😀".repeat(100), get("%F0%9F%98%80".repeat(100)));
        assertRefuses("name must have 1 to 100 characters", get("%F0%9F%98%80".repeat(101)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%20"})
    void refusesAnEmptyName(String encoded) {
        assertRefuses("name must have 1 to 100 characters", get(encoded));
        assertEquals("", WRITTEN.toString(UTF_8));
    }

    @Test
    void refusesARequestWithoutAName() {
        APIGatewayProxyRequestEvent request = new APIGatewayProxyRequestEvent();

        assertRefuses("name must have 1 to 100 characters", new App().handleRequest(request, CONTEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz"})
    void refusesAMalformedName(String encoded) {
        assertRefuses("name must be URL-encoded", get(encoded));
        assertEquals("", WRITTEN.toString(UTF_8));
    }

    @Test
    void logsControlCharactersAsJson() throws IOException {
        get("%22%0A%01%22");

        JsonNode line = onlyLineWith("message", lines());
        assertEquals("\"\n\u0001\"", line.path("name").textValue());
    }

    /** Sends a request with that name as it stands in the URL. */
    private static APIGatewayProxyResponseEvent get(String encoded) {
        APIGatewayProxyRequestEvent request = new APIGatewayProxyRequestEvent()
                .withPathParameters(Map.of("name", encoded))
                .withRequestContext(new ProxyRequestContext().withRequestId("1"));
        return new App().handleRequest(request, CONTEXT);
    }

    private static void assertAnswers(String message, APIGatewayProxyResponseEvent response) {
        assertEquals(200, response.getStatusCode());
        assertEquals(Map.of("Content-Type", "application/json"), response.getHeaders());
        assertEquals("{\"message\":\"" + message + "\"}", response.getBody());
    }

    private static void assertRefuses(String detail, APIGatewayProxyResponseEvent response) {
        assertEquals(400, response.getStatusCode());
        assertEquals(Map.of("Content-Type", "application/problem+json"), response.getHeaders());
        assertEquals("{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"" + detail + "\"}", response.getBody());
    }

    /** Returns the lines that were written, log and metrics alike. */
    private static List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : WRITTEN.toString(UTF_8).split("\\R")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static JsonNode onlyLineWith(String field, List<JsonNode> lines) {
        List<JsonNode> found = new ArrayList<>(lines);
        found.removeIf(line -> !line.has(field));
        assertEquals(1, found.size(), field);
        return found.get(0);
    }

    private static APIGatewayProxyRequestEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(
                            APIGatewayProxyRequestEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
