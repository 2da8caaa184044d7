{% set modern = cookiecutter.java | int > 8 %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
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
import java.time.LocalDate;
{% if not modern %}
import java.util.Collections;
{% else %}
import java.util.List;
{% endif %}
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

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
    void answersWithTheDayBefore() throws IOException {
        assertEquals("{\"day\":\"2026-02-28\"}", answer(sampleEvent()));
    }

    @Test
    void logsTheDay() throws IOException {
        answer(sampleEvent());

        assertEquals(1, logs.list.size());
        ILoggingEvent log = logs.list.get(0);
        assertEquals(Level.INFO, log.getLevel());
        assertEquals("report made", log.getMessage());
        assertEquals("[day=\"2026-02-28\"]", log.getKeyValuePairs().toString());
    }

    @Test
    void failsWithWhateverTheReportThrows() throws IOException {
        App.Request request = sampleEvent();
        App app = new App() {
            @Override
            void makeReport(LocalDate day) {
                throw new UnsupportedOperationException(day.toString());
            }
        };

        Exception failure =
                assertThrows(UnsupportedOperationException.class, () -> app.handleRequest(request, CONTEXT));

        assertEquals("2026-02-28", failure.getMessage());
    }

    @Test
    void writesText() throws IOException, JoranException {
        String text = written("Text");

        assertTrue(text.startsWith("INFO request-1 " + LOGGER.getName() + ": report made day=2026-02-28"), text);
    }

    @Test
    void writesALineOfJson() throws IOException, JoranException {
        JsonNode log = new JsonMapper().readTree(written("JSON"));

        assertEquals("INFO", log.path("level").textValue());
        assertEquals("request-1", log.path("AWSRequestId").textValue());
        assertEquals("report made", log.path("message").textValue());
        assertEquals("2026-02-28", log.path("day").textValue());
    }

    // The last two are 23:00 on 1 March and 01:00 on 2 March in UTC.
    @ParameterizedTest
    @CsvSource({
        "2024-03-01T00:00:00Z, 2024-02-29",
        "2026-01-01T23:59:59Z, 2025-12-31",
        "2026-03-02T01:00:00+02:00, 2026-02-28",
        "2026-03-01T23:00:00-02:00, 2026-03-01"
    })
    void countsDaysInUtc(String scheduledTime, String day) {
        App.Request request = REQUESTS.fromJson("{\"scheduledTime\": \"" + scheduledTime + "\"}");

        assertEquals("{\"day\":\"" + day + "\"}", answer(request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"scheduledTime\": null}",
                "{\"scheduledTime\": 1772330400}",
                "{\"scheduledTime\": \"\"}",
                "{\"scheduledTime\": \"tomorrow\"}",
                "{\"scheduledTime\": \"2026-03-01\"}",
                "{\"scheduledTime\": \"2026-03-01T02:00:00\"}",
                "{\"scheduledTime\": \"2026-02-29T02:00:00Z\"}",
                "{\"scheduledTime\": \"<aws.scheduler.scheduled-time>\"}"
            })
    void failsWithoutAScheduledTime(String json) {
        App.Request request = REQUESTS.fromJson(json);

        Exception failure =
                assertThrows(IllegalArgumentException.class, () -> new App().handleRequest(request, CONTEXT));

        assertTrue(failure.getMessage().startsWith("scheduledTime "), failure.getMessage());
        assertEquals({{ "List.of()" if modern else "Collections.emptyList()" }}, logs.list);
    }

    /** Returns the function's answer as Lambda writes it. */
    private static String answer(App.Request request) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        RESPONSES.toJson(new App().handleRequest(request, CONTEXT), json);
        return json.toString();
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
        answer(sampleEvent());

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

    private static App.Request sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return REQUESTS.fromJson(json);
        }
    }
}
