{% set accepted = [
    '{"orderId": "1001", "quantity": 1}',
    '{"orderId": "1001", "quantity": 2147483647}',
    '{"orderId": "1001", "quantity": 2, "note": "another key"}',
] %}
{% set refused = [
    '[]',
    'null',
    '{}',
    'this is not an order',
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
    '{"orderId": "1001", "quantity": 2} {}',
] %}
{% macro messages(name, values) %}
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
    void {{ name }}(String message) {
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
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SNSEvent.SNS;
import com.amazonaws.services.lambda.runtime.events.SNSEvent.SNSRecord;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.core.JsonParseException;
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
{% endif %}
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    // The id of the message in bad.json, which is no order.
    private static final String BAD = "2e1424d4-f796-459a-8184-9c92662be6da";
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
        assertEquals("warehouse notified", log.getMessage());
        assertEquals(
                "[order_id=\"1001\", quantity=\"2\"]", log.getKeyValuePairs().toString());
    }

    @Test
    void failsWithTheIdAndTheCause() throws IOException {
        SNSEvent event = sampleEvent("bad.json");

        Exception failure = assertThrows(IllegalStateException.class, () -> new App().handleRequest(event, CONTEXT));

        assertEquals("message " + BAD + " failed", failure.getMessage());
        assertInstanceOf(JsonParseException.class, failure.getCause());
    }

    @Test
    void failsWithWhateverProcessingThrows() throws IOException {
        SNSEvent event = sampleEvent("event.json");
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
    void stopsAtTheMessageThatFails() throws IOException {
        SNSEvent event = sampleEvent("event.json");
        List<SNSRecord> records = new ArrayList<>(event.getRecords());
        records.addAll(sampleEvent("bad.json").getRecords());
        records.addAll(event.getRecords());
        event.setRecords(records);

        assertThrows(IllegalStateException.class, () -> new App().handleRequest(event, CONTEXT));

        onlyLog();
    }

    @Test
    void writesText() throws IOException, JoranException {
        String text = written("Text");

        assertTrue(
                text.startsWith("INFO request-1 " + LOGGER.getName() + ": warehouse notified order_id=1001 quantity=2"),
                text);
    }

    @Test
    void writesALineOfJson() throws IOException, JoranException {
        JsonNode log = new JsonMapper().readTree(written("JSON"));

        assertEquals("INFO", log.path("level").textValue());
        assertEquals("request-1", log.path("AWSRequestId").textValue());
        assertEquals("warehouse notified", log.path("message").textValue());
        assertEquals("1001", log.path("order_id").textValue());
        assertEquals(2, log.path("quantity").numberValue());
    }

{{ messages("acceptsAnOrder", accepted) }}        new App().handleRequest(eventWith(message), CONTEXT);

        onlyLog();
    }

{{ messages("refusesWhatIsNoOrder", refused) }}        SNSEvent event = eventWith(message);

        Exception failure = assertThrows(IllegalStateException.class, () -> new App().handleRequest(event, CONTEXT));

        assertEquals("message 1 failed", failure.getMessage());
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

    private static SNSEvent eventWith(String message) {
        SNSRecord record = new SNSRecord();
        record.setSns(new SNS().withMessageId("1").withMessage(message));
        return new SNSEvent().withRecords(Collections.singletonList(record));
    }

    private static SNSEvent sampleEvent(String name) throws IOException {
        try (InputStream json = Files.newInputStream(EVENTS.resolve(name))) {
            return LambdaEventSerializers.serializerFor(SNSEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
