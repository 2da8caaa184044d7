{% set accepted = [
    '{"orderId": "1001", "quantity": 1}',
    '{"orderId": "1001", "quantity": 2147483647}',
    '{"orderId": "1001", "quantity": 2, "note": "another key"}',
] %}
{% set refused = [
    '[]',
    'null',
    '{}',
    '{"quantity": 2}',
    '{"orderId": "", "quantity": 2}',
    '{"orderId": "\\\\ud800", "quantity": 2}',
    '{"orderId": 1001, "quantity": 2}',
    '{"orderId": "1001"}',
    '{"orderId": "1001", "quantity": 0}',
    '{"orderId": "1001", "quantity": -1}',
    '{"orderId": "1001", "quantity": 1.5}',
    '{"orderId": "1001", "quantity": 2.0}',
    '{"orderId": "1001", "quantity": 2e0}',
    '{"orderId": "1001", "quantity": "2"}',
    '{"orderId": "1001", "quantity": true}',
    '{"orderId": "1001", "quantity": null}',
    '{"orderId": "1001", "quantity": 2147483648}',
    '{"orderId": "1001", "quantity": 99999999999999999999}',
    '{"orderid": "1001", "quantity": 2}',
    '{"OrderId": "1001", "Quantity": 2}',
] %}
{% macro details(name, values) %}
{% if cookiecutter.java | int >= 17 %}
    static Stream<String> {{ name }}() {
        return """
{% for value in values %}
                {{ value }}
{% endfor %}
                """.lines();
    }

    @ParameterizedTest
    @MethodSource
{% else %}
    @ParameterizedTest
    @ValueSource(
            strings = {
{% for value in values %}
                "{{ value | replace('"', '\\"') }}"{{ "" if loop.last else "," }}
{% endfor %}
            })
{% endif %}
    void {{ name }}(String detail) {
{% endmacro %}
{% set modern = cookiecutter.java | int > 8 %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
{% if not modern %}
import java.nio.file.Paths;
import java.util.Collections;
{% else %}
import java.util.List;
{% endif %}
{% if cookiecutter.java | int >= 17 %}
import java.util.stream.Stream;
{% endif %}
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
{% if cookiecutter.java | int >= 17 %}
import org.junit.jupiter.params.provider.MethodSource;
{% else %}
import org.junit.jupiter.params.provider.ValueSource;
{% endif %}
import org.slf4j.LoggerFactory;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 73 %}
    private static final Path EVENTS = {{ path_of }}("../{{ cookiecutter.events }}");
{% else %}
    private static final Path EVENTS =
            {{ path_of }}("../{{ cookiecutter.events }}");
{% endif %}
    // The id of the event in bad.json, whose quantity is 0.
    private static final String BAD = "8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11";
    // Whatever it is asked for, it answers with the id of the request.
    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> "request-1");
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(App.class);

    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();

    @BeforeEach
    void recordLogs() {
        logs.start();
        LOGGER.addAppender(logs);
    }

    @AfterEach
    void stopRecording() {
        LOGGER.detachAppender(logs);
    }

    @Test
    void logsWhatWasProcessed() throws IOException {
        new App().handleRequest(sampleEvent("event.json"), CONTEXT);

        ILoggingEvent log = onlyLog();
        assertEquals(Level.INFO, log.getLevel());
        assertEquals("order shipped", log.getMessage());
        assertEquals(
                "[order_id=\"1001\", quantity=\"2\"]", log.getKeyValuePairs().toString());
    }

    @Test
    void failsWithTheIdAndTheCause() throws IOException {
        ScheduledEvent event = sampleEvent("bad.json");

        Exception failure = assertThrows(IllegalStateException.class, () -> new App().handleRequest(event, CONTEXT));

        assertEquals("event " + BAD + " failed", failure.getMessage());
        assertInstanceOf(IllegalArgumentException.class, failure.getCause());
    }

    @Test
    void failsWithWhateverProcessingThrows() throws IOException {
        ScheduledEvent event = sampleEvent("event.json");
        App app = new App() {
            @Override
            void process(Order order) {
                throw new UnsupportedOperationException(order.orderId());
            }
        };

        Exception failure = assertThrows(IllegalStateException.class, () -> app.handleRequest(event, CONTEXT));

        assertEquals("1001", failure.getCause().getMessage());
    }

    @Test
    void writesText() throws IOException, JoranException {
        String text = written("Text");

        assertTrue(
                text.startsWith("INFO request-1 " + LOGGER.getName() + ": order shipped order_id=1001 quantity=2"),
                text);
    }

    @Test
    void writesALineOfJson() throws IOException, JoranException {
        JsonNode log = new JsonMapper().readTree(written("JSON"));

        assertEquals("INFO", log.path("level").textValue());
        assertEquals("request-1", log.path("AWSRequestId").textValue());
        assertEquals("order shipped", log.path("message").textValue());
        assertEquals("1001", log.path("order_id").textValue());
        assertEquals(2, log.path("quantity").numberValue());
    }

{{ details("acceptsAnOrder", accepted) }}        new App().handleRequest(eventWith(detail), CONTEXT);

        onlyLog();
    }

{{ details("refusesWhatIsNoOrder", refused) }}        ScheduledEvent event = eventWith(detail);

        Exception failure = assertThrows(IllegalStateException.class, () -> new App().handleRequest(event, CONTEXT));

        assertEquals("event 1 failed", failure.getMessage());
        assertEquals({{ "List.of()" if modern else "Collections.emptyList()" }}, logs.list);
    }

    private ILoggingEvent onlyLog() {
        assertEquals(1, logs.list.size());
        return logs.list.get(0);
    }

    /** Returns what logback.xml writes of the sample event, in one of Lambda's log formats. */
    private String written(String format) throws IOException, JoranException {
        LoggerContext context = new LoggerContext();
        context.putProperty("AWS_LAMBDA_LOG_FORMAT", format);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(App.class.getResource("/logback.xml"));
        Appender<ILoggingEvent> appender =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("Lambda");
        new App().handleRequest(sampleEvent("event.json"), CONTEXT);

        // Outside Lambda, its logger writes to standard output.
        PrintStream stdout = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written));
        try {
            logs.list.forEach(appender::doAppend);
        } finally {
            System.setOut(stdout);
        }
        return written.toString();
    }

    private static ScheduledEvent eventWith(String detail) {
        return LambdaEventSerializers.serializerFor(ScheduledEvent.class, AppTest.class.getClassLoader())
                .fromJson("{\"id\": \"1\", \"detail-type\": \"Order Placed\", \"detail\": " + detail + "}");
    }

    private static ScheduledEvent sampleEvent(String name) throws IOException {
        try (InputStream json = Files.newInputStream(EVENTS.resolve(name))) {
            return LambdaEventSerializers.serializerFor(ScheduledEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
