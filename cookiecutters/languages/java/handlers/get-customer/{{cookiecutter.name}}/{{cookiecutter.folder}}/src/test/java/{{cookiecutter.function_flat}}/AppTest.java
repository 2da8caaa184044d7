package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.datafaker.Faker;
import org.junit.jupiter.api.Test;

class AppTest {

    private static final Path EVENT = Paths.get("..", "events", "{{ cookiecutter.folder }}", "event.json");
    private static final String UUID_4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    private static final JsonMapper JSON = new JsonMapper();

    private final App app = new App(seeded());

    @Test
    void answersWithTheCustomerOfItsSeed() throws IOException {
        APIGatewayProxyResponseEvent response = app.handleRequest(sampleEvent(), null);

        assertEquals(200, response.getStatusCode());
        assertEquals(Collections.singletonMap("Content-Type", "application/json"), response.getHeaders());
        assertEquals(JSON.writeValueAsString(Customer.make(seeded())), response.getBody());
    }

    @Test
    void answersWithAnotherCustomerEachTime() throws IOException {
        String first = app.handleRequest(sampleEvent(), null).getBody();
        String second = app.handleRequest(sampleEvent(), null).getBody();

        assertNotEquals(first, second);
    }

    @Test
    void saysAllOfACustomer() throws IOException {
        JsonNode customer = JSON.readTree(app.handleRequest(sampleEvent(), null).getBody());
        JsonNode address = customer.path("address");

        assertEquals(Arrays.asList("id", "name", "email", "phone", "address"), keys(customer));
        assertEquals(Arrays.asList("street", "city", "postcode", "country"), keys(address));
        for (JsonNode part : Arrays.asList(customer, address)) {
            part.forEach(value -> assertTrue(value == address || !value.textValue().isEmpty()));
        }
        assertTrue(customer.path("id").textValue().matches(UUID_4));
        assertTrue(customer.path("email").textValue().contains("@"));
    }

    private static Faker seeded() {
        return new Faker(new Random(2026));
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static APIGatewayProxyRequestEvent sampleEvent() throws IOException {
        try (InputStream json = Files.newInputStream(EVENT)) {
            return LambdaEventSerializers.serializerFor(
                            APIGatewayProxyRequestEvent.class, AppTest.class.getClassLoader())
                    .fromJson(json);
        }
    }
}
