package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppTest {

    private static final Path EVENT = Paths.get("..", "events", "{{ cookiecutter.folder }}", "event.json");
    private static final String ORDER = "{\"orderId\": \"1001\", \"quantity\": 2}";

    @Test
    void reportsTheMessageThatIsNoJson() throws IOException {
        assertEquals(
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"2e1424d4-f796-459a-8184-9c92662be6da\"}]}",
                answerTo(sampleEvent()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "{\"quantity\": 2}",
                "{\"orderId\": \"\", \"quantity\": 2}",
                "{\"orderId\": 1001, \"quantity\": 2}",
                "{\"orderId\": \"1001\"}",
                "{\"orderId\": \"1001\", \"quantity\": 0}",
                "{\"orderId\": \"1001\", \"quantity\": 2.5}",
                "{\"orderId\": \"1001\", \"quantity\": \"2\"}",
                "{\"orderId\": \"1001\", \"quantity\": 2} {}"
            })
    void reportsTheMessageThatIsNoOrder(String body) throws IOException {
        assertEquals("{\"batchItemFailures\":[{\"itemIdentifier\":\"0\"}]}", answerTo(event(body, ORDER)));
    }

    @Test
    void reportsNothingWhenAllIsWell() throws IOException {
        String extended = "{\"orderId\": \"1002\", \"quantity\": 1, \"customer\": \"Ana\"}";

        assertEquals("{\"batchItemFailures\":[]}", answerTo(event(ORDER, extended)));
    }

    private static String answerTo(SQSEvent event) {
        SQSBatchResponse response = new App().handleRequest(event, null);

        ByteArrayOutputStream json = new ByteArrayOutputStream();
        LambdaEventSerializers.serializerFor(SQSBatchResponse.class, AppTest.class.getClassLoader())
                .toJson(response, json);
        return json.toString();
    }

    private static SQSEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(SQSEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }

    /** An event with a message for each body; the first message's id is 0. */
    private static SQSEvent event(String... bodies) {
        List<SQSMessage> messages = new ArrayList<>();
        for (String body : bodies) {
            SQSMessage message = new SQSMessage();
            message.setMessageId(String.valueOf(messages.size()));
            message.setBody(body);
            messages.add(message);
        }
        SQSEvent event = new SQSEvent();
        event.setRecords(messages);
        return event;
    }
}
