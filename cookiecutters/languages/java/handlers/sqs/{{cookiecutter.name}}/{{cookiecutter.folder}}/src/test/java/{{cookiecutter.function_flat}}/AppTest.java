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
{% macro bodies(name, values) %}
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
    void {{ name }}(String body) {
{% endmacro %}
{% set modern = cookiecutter.java | int > 8 %}
{% set list_of = "List.of" if modern else "Arrays.asList" %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
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
{% endif %}
import java.util.ArrayList;
{% if not modern %}
import java.util.Arrays;
{% endif %}
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
{% if (path_of ~ cookiecutter.events) | length <= 63 %}
    private static final Path EVENT = {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% else %}
    private static final Path EVENT =
            {{ path_of }}("../{{ cookiecutter.events }}/event.json");
{% endif %}
    // In the sample event the first message is an order, the second is not.
    private static final String GOOD = "059f36b4-87a3-44ab-83d2-661975830a7d";
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
    void answersAsLambdaExpects() throws IOException {
        SQSBatchResponse response = new App().handleRequest(sampleEvent(), CONTEXT);

        ByteArrayOutputStream json = new ByteArrayOutputStream();
        LambdaEventSerializers.serializerFor(SQSBatchResponse.class, AppTest.class.getClassLoader())
                .toJson(response, json);
        assertEquals("{\"batchItemFailures\":[{\"itemIdentifier\":\"" + BAD + "\"}]}", json.toString());
    }

    @Test
    void reportsOnlyTheMessageThatFailed() throws IOException {
        SQSEvent event = sampleEvent();
        Collections.reverse(event.getRecords());

        assertEquals({{ list_of }}(BAD), failures(new App(), event));
    }

    @Test
    void reportsWhateverProcessingThrows() throws IOException {
        App app = new App() {
            @Override
            void process(Order order) {
                throw new IllegalStateException(order.orderId());
            }
        };

        assertEquals({{ list_of }}(GOOD, BAD), failures(app, sampleEvent()));
    }

    @Test
    void logsWhatWasProcessed() throws IOException {
        new App().handleRequest(sampleEvent(), CONTEXT);

        ILoggingEvent log = onlyLog(Level.INFO);
        assertEquals("order processed", log.getMessage());
        assertEquals(
                "[order_id=\"1001\", quantity=\"2\"]", log.getKeyValuePairs().toString());
    }

    @Test
    void logsWhatFailed() throws IOException {
        new App().handleRequest(sampleEvent(), CONTEXT);

        ILoggingEvent log = onlyLog(Level.ERROR);
        assertEquals("message failed", log.getMessage());
        assertEquals("[message_id=\"" + BAD + "\"]", log.getKeyValuePairs().toString());
        assertNotNull(log.getThrowableProxy());
    }

    @Test
    void writesText() throws IOException, JoranException {
        String text = written("Text");

        assertTrue(
                text.startsWith("INFO request-1 " + LOGGER.getName() + ": order processed order_id=1001 quantity=2"),
                text);
        assertTrue(text.contains("ERROR request-1 " + LOGGER.getName() + ": message failed message_id=" + BAD), text);
        assertTrue(text.contains("JsonParseException"), text);
    }

    @Test
    void writesALineOfJsonForEachEvent() throws IOException, JoranException {
        String[] lines = written("JSON").split("\\R");
        assertEquals(2, lines.length);
        JsonNode processed = new JsonMapper().readTree(lines[0]);
        JsonNode failed = new JsonMapper().readTree(lines[1]);

        assertEquals("INFO", processed.path("level").textValue());
        assertEquals("request-1", processed.path("AWSRequestId").textValue());
        assertEquals("order processed", processed.path("message").textValue());
        assertEquals("1001", processed.path("order_id").textValue());
        assertEquals(2, processed.path("quantity").numberValue());
        assertEquals("ERROR", failed.path("level").textValue());
        assertEquals("message failed", failed.path("message").textValue());
        assertEquals(BAD, failed.path("message_id").textValue());
        assertTrue(failed.path("stack_trace").asText().contains("JsonParseException"), lines[1]);
    }

{{ bodies("acceptsAnOrder", accepted) }}        assertEquals({{ "List.of()" if modern else "Collections.emptyList()" }}, failures(new App(), eventWith(body)));
    }

{{ bodies("refusesWhatIsNoOrder", refused) }}        assertEquals({{ list_of }}("1"), failures(new App(), eventWith(body)));
    }

    /** Returns the ids of the messages that failed. */
    private static List<String> failures(App app, SQSEvent event) {
        List<String> ids = new ArrayList<>();
        for (BatchItemFailure failure : app.handleRequest(event, CONTEXT).getBatchItemFailures()) {
            ids.add(failure.getItemIdentifier());
        }
        return ids;
    }

    private ILoggingEvent onlyLog(Level level) {
        List<ILoggingEvent> found = new ArrayList<>(logs.list);
        found.removeIf(log -> log.getLevel() != level);
        assertEquals(1, found.size());
        return found.get(0);
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
        new App().handleRequest(sampleEvent(), CONTEXT);

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

    private static SQSEvent eventWith(String body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId("1");
        message.setBody(body);
        SQSEvent event = new SQSEvent();
        event.setRecords(Collections.singletonList(message));
        return event;
    }

    private static SQSEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(SQSEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
