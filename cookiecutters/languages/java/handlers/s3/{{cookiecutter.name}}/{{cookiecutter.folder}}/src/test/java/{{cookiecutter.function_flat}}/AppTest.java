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
{% macro texts(name, values) %}
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
    void {{ name }}(String text) {
{% endmacro %}
{% set modern = cookiecutter.java | int > 8 %}
{% set path_of = "Path.of" if modern else "Paths.get" %}
package {{ cookiecutter.function_flat }};

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
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
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
{% if not modern %}
import java.nio.file.Paths;
{% endif %}
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
{% if not modern %}
import java.util.Scanner;
{% endif %}
{% if cookiecutter.java | int >= 17 %}
import java.util.stream.Stream;
{% endif %}
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
{% if cookiecutter.java | int >= 17 %}
import org.junit.jupiter.params.provider.MethodSource;
{% else %}
import org.junit.jupiter.params.provider.ValueSource;
{% endif %}
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class AppTest {

{# As Spotless breaks lines of more than 120 characters #}
{% if (path_of ~ cookiecutter.events) | length <= 73 %}
    private static final Path EVENTS = {{ path_of }}("../{{ cookiecutter.events }}");
{% else %}
    private static final Path EVENTS =
            {{ path_of }}("../{{ cookiecutter.events }}");
{% endif %}
    private static final PojoSerializer<S3Event> SERIALIZER =
            LambdaEventSerializers.serializerFor(S3Event.class, AppTest.class.getClassLoader());
    private static final String ORDER = "{\"orderId\": \"1001\", \"quantity\": 2}";
    private static final String RESULT = "{\"orderId\":\"1001\",\"quantity\":2,\"status\":\"accepted\"}";
    // Whatever it is asked for, it answers with the id of the request.
    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> "request-1");
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(App.class);

    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();
    private final FakeS3 s3 = new FakeS3();
    private final App app = new App(s3);

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
    void importsAnOrder() throws IOException {
        s3.objects.put("orders/incoming/1 a/b.json", ORDER);

        app.handleRequest(sampleEvent("event.json"), CONTEXT);

        assertEquals(RESULT, s3.objects.get("orders/processed/1 a/b.json"));
        assertEquals("application/json", s3.contentType);
    }

    @Test
    void importsAnOrderAgain() throws IOException {
        s3.objects.put("orders/incoming/1 a/b.json", ORDER);
        app.handleRequest(sampleEvent("event.json"), CONTEXT);
        Map<String, String> objects = new HashMap<>(s3.objects);

        app.handleRequest(sampleEvent("event.json"), CONTEXT);

        assertEquals(objects, s3.objects);
    }

    @ParameterizedTest
    @CsvSource({
        "3%C3%A9.json, 3\u00e9.json",
        "a%2Bb.json, a+b.json",
        "100%25.json, 100%.json",
        "incoming/a.json, incoming/a.json",
        "incoming%2Fa+b.json, incoming/a b.json"
    })
    void decodesAKey(String encoded, String decoded) {
        s3.objects.put("orders/incoming/" + decoded, ORDER);

        app.handleRequest(eventWith("incoming/" + encoded), CONTEXT);

        assertEquals(RESULT, s3.objects.get("orders/processed/" + decoded));
    }

    @Test
    void logsWhatWasImported() throws IOException {
        s3.objects.put("orders/incoming/1 a/b.json", ORDER);

        app.handleRequest(sampleEvent("event.json"), CONTEXT);

        ILoggingEvent log = onlyLog();
        assertEquals(Level.INFO, log.getLevel());
        assertEquals("order imported", log.getMessage());
        assertEquals(
                "[key=\"incoming/1 a/b.json\", order_id=\"1001\", quantity=\"2\"]",
                log.getKeyValuePairs().toString());
    }

    @Test
    void failsWithTheKeyAndTheCause() throws IOException {
        s3.objects.put("orders/incoming/bad.json", "this is not an order");

        Exception failure = failure(sampleEvent("bad.json"));

        assertEquals("object incoming/bad.json failed", failure.getMessage());
        assertInstanceOf(JsonParseException.class, failure.getCause());
        assertEquals(1, s3.objects.size());
    }

    @Test
    void failsWithoutTheObject() {
        Exception failure = failure(eventWith("incoming/gone.json"));

        assertEquals("object incoming/gone.json failed", failure.getMessage());
        assertInstanceOf(NoSuchKeyException.class, failure.getCause());
    }

    @Test
    void failsIfItCannotWrite() {
        s3.objects.put("orders/incoming/1.json", ORDER);
        s3.failure = S3Exception.builder().message("Access Denied").build();

        assertEquals(s3.failure, failure(eventWith("incoming/1.json")).getCause());
        assertEquals(Collections.emptyList(), logs.list);
    }

    @Test
    void failsWithWhateverProcessingThrows() {
        s3.objects.put("orders/incoming/1.json", ORDER);
        App failing = new App(s3) {
            @Override
            String process(Order order) {
                throw new UnsupportedOperationException(order.orderId());
            }
        };
        S3Event event = eventWith("incoming/1.json");

        Exception failure = assertThrows(IllegalStateException.class, () -> failing.handleRequest(event, CONTEXT));

        assertEquals("1001", failure.getCause().getMessage());
        assertEquals(1, s3.objects.size());
    }

    @Test
    void stopsAtTheObjectThatFails() {
        s3.objects.put("orders/incoming/1.json", ORDER);
        s3.objects.put("orders/incoming/3.json", ORDER);

        Exception failure = failure(eventWith("incoming/1.json", "incoming/2.json", "incoming/3.json"));

        assertEquals("object incoming/2.json failed", failure.getMessage());
        assertEquals(RESULT, s3.objects.get("orders/processed/1.json"));
        assertEquals(3, s3.objects.size());
    }

    @Test
    void failsForAnOrderThatIsNotUtf8() {
        s3.objects.put("orders/incoming/1.json", "{\"orderId\": \"\u00e9\", \"quantity\": 2}");
        s3.charset = ISO_8859_1;

        assertInstanceOf(
                UncheckedIOException.class,
                failure(eventWith("incoming/1.json")).getCause());
    }

    @Test
    void writesText() throws IOException, JoranException {
        String text = written("Text");

        assertTrue(
                text.startsWith("INFO request-1 " + LOGGER.getName()
                        + ": order imported key=incoming/1 a/b.json order_id=1001 quantity=2"),
                text);
    }

    @Test
    void writesALineOfJson() throws IOException, JoranException {
        JsonNode log = new JsonMapper().readTree(written("JSON"));

        assertEquals("INFO", log.path("level").textValue());
        assertEquals("request-1", log.path("AWSRequestId").textValue());
        assertEquals("order imported", log.path("message").textValue());
        assertEquals("incoming/1 a/b.json", log.path("key").textValue());
        assertEquals("1001", log.path("order_id").textValue());
        assertEquals(2, log.path("quantity").numberValue());
    }

{{ texts("acceptsAnOrder", accepted) }}        s3.objects.put("orders/incoming/1.json", text);

        app.handleRequest(eventWith("incoming/1.json"), CONTEXT);

        onlyLog();
    }

{{ texts("refusesWhatIsNoOrder", refused) }}        s3.objects.put("orders/incoming/1.json", text);

        assertEquals(
                "object incoming/1.json failed",
                failure(eventWith("incoming/1.json")).getMessage());
        assertEquals(Collections.emptyList(), logs.list);
        assertEquals(1, s3.objects.size());
    }

    private Exception failure(S3Event event) {
        return assertThrows(IllegalStateException.class, () -> app.handleRequest(event, CONTEXT));
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
        s3.objects.put("orders/incoming/1 a/b.json", ORDER);
        app.handleRequest(sampleEvent("event.json"), CONTEXT);

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

    /** Returns an event of objects, whose keys are encoded. */
    private static S3Event eventWith(String... keys) {
        List<String> records = new ArrayList<>();
        for (String key : keys) {
            records.add("{\"eventTime\": \"2026-03-01T12:34:56.789Z\", \"s3\": "
                    + "{\"bucket\": {\"name\": \"orders\"}, \"object\": {\"key\": \"" + key + "\"}}}");
        }
        return SERIALIZER.fromJson("{\"Records\": " + records + "}");
    }

    private static S3Event sampleEvent(String name) throws IOException {
        try (InputStream json = Files.newInputStream(EVENTS.resolve(name))) {
            return SERIALIZER.fromJson(json);
        }
    }

    /** Has objects in memory, by their keys behind the name of a bucket. */
    private static final class FakeS3 implements S3Client {

        private final Map<String, String> objects = new HashMap<>();
        private Charset charset = UTF_8;
        private String contentType;
        private RuntimeException failure;

        @Override
        public ResponseBytes<GetObjectResponse> getObjectAsBytes(GetObjectRequest request) {
            String text = objects.get(request.bucket() + "/" + request.key());
            if (text == null) {
                throw NoSuchKeyException.builder().build();
            }
            return ResponseBytes.fromByteArray(GetObjectResponse.builder().build(), text.getBytes(charset));
        }

        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
            if (failure != null) {
                throw failure;
            }
            objects.put(request.bucket() + "/" + request.key(), text(body));
            contentType = request.contentType();
            return PutObjectResponse.builder().build();
        }

        private static String text(RequestBody body) {
{% if modern %}
            try (InputStream stream = body.contentStreamProvider().newStream()) {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
{% else %}
            try (Scanner scanner = new Scanner(body.contentStreamProvider().newStream(), "UTF-8")) {
                return scanner.useDelimiter("\\A").next();
            }
{% endif %}
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
