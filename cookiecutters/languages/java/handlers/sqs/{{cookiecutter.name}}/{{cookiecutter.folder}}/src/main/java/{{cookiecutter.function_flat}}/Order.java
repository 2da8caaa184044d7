package {{ cookiecutter.function_flat }};

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** An order, as a message has it: {@code {"orderId": "1001", "quantity": 2}}. */
{% if cookiecutter.java | int >= 17 %}
record Order(String orderId, int quantity) {

{% else %}
final class Order {

{% endif %}
    private static final ObjectReader JSON =
            new JsonMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

{% if cookiecutter.java | int < 17 %}
    private final String orderId;
    private final int quantity;

    private Order(String orderId, int quantity) {
        this.orderId = orderId;
        this.quantity = quantity;
    }

    String orderId() {
        return orderId;
    }

    int quantity() {
        return quantity;
    }

{% endif %}
    /** Reads the body of a message. Throws {@link IllegalArgumentException} for JSON that is no order. */
    static Order parse(String body) throws JsonProcessingException {
        JsonNode json = JSON.readTree(body);
        JsonNode orderId = json.path("orderId");
        JsonNode quantity = json.path("quantity");
        if (!orderId.isTextual() || orderId.textValue().isEmpty()) {
            throw new IllegalArgumentException("orderId must be a string with something in it");
        }
        if (!quantity.isInt() || quantity.intValue() < 1) {
            throw new IllegalArgumentException("quantity must be a whole number, 1 or more");
        }
        return new Order(orderId.textValue(), quantity.intValue());
    }
}
