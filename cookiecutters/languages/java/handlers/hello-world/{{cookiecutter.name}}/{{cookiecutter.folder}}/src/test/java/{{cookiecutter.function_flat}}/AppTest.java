package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class AppTest {

    private static final Path EVENT = Paths.get("..", "events", "{{ cookiecutter.folder }}", "event.json");

    @Test
    void greetsWhoeverCalls() throws IOException {
        APIGatewayProxyResponseEvent response = new App().handleRequest(sampleEvent(), null);

        assertEquals(200, response.getStatusCode());
        assertEquals(Collections.singletonMap("Content-Type", "application/json"), response.getHeaders());
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
