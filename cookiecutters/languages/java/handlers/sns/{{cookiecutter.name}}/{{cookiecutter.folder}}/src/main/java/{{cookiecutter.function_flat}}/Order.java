package {{ cookiecutter.function_flat }};

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;

/** What a message announces: {@code {"orderId": "1001", "quantity": 2}}. */
{% if cookiecutter.java | int >= 17 %}
record Order(String orderId, int quantity) {

{% else %}
final class Order {

{% endif %}
    private static final ObjectReader JSON =
            new JsonMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    // Half a surrogate pair, which JSON can escape, is no character: UTF-8 does not have it.
    private static final Pattern ID = Pattern.compile("\\P{Cs}+");

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
    /** Returns the order in a message. Throws an exception if the message is not JSON or not an order. */
    static Order parse(String message) throws JsonProcessingException {
        JsonNode json = JSON.readTree(message);
        JsonNode orderId = json.path("orderId");
        JsonNode quantity = json.path("quantity");
        if (!orderId.isTextual() || !ID.matcher(orderId.textValue()).matches()) {
            throw new IllegalArgumentException("orderId must be a string of one or more characters");
        }
        // isInt holds only for an integer literal that fits an int: 2.0 is a double, 2147483648 a long.
        if (!quantity.isInt() || quantity.intValue() < 1) {
            throw new IllegalArgumentException("quantity must be an integer from 1 to 2147483647");
        }
        return new Order(orderId.textValue(), quantity.intValue());
    }
}
