package {{ cookiecutter.function_flat }};

import java.util.Map;
import java.util.regex.Pattern;

/** What an event is about: {@code {"orderId": "1001", "quantity": 2}}. */
{% if cookiecutter.java | int >= 17 %}
record Order(String orderId, int quantity) {

{% else %}
final class Order {

{% endif %}
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
    /** Returns the order in an event's detail. Throws an exception if the detail is not an order. */
    static Order parse(Map<String, Object> detail) {
        if (detail == null) {
            throw new IllegalArgumentException("an order must be a JSON object");
        }
{% if cookiecutter.java | int >= 17 %}
        if (!(detail.get("orderId") instanceof String orderId)
                || !ID.matcher(orderId).matches()) {
            throw new IllegalArgumentException("orderId must be a string of one or more characters");
        }
        // Lambda makes 2.0 a Double, and 2147483648 a Long.
        if (!(detail.get("quantity") instanceof Integer quantity) || quantity < 1) {
            throw new IllegalArgumentException("quantity must be an integer from 1 to 2147483647");
        }
        return new Order(orderId, quantity);
{% else %}
        Object orderId = detail.get("orderId");
        if (!(orderId instanceof String) || !ID.matcher((String) orderId).matches()) {
            throw new IllegalArgumentException("orderId must be a string of one or more characters");
        }
        // Lambda makes 2.0 a Double, and 2147483648 a Long.
        Object quantity = detail.get("quantity");
        if (!(quantity instanceof Integer) || (Integer) quantity < 1) {
            throw new IllegalArgumentException("quantity must be an integer from 1 to 2147483647");
        }
        return new Order((String) orderId, (Integer) quantity);
{% endif %}
    }
}
