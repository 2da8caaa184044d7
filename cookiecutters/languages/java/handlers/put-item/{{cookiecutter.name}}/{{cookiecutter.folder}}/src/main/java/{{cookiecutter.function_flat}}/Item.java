package {{ cookiecutter.function_flat }};

{% if cookiecutter.java | int < 17 %}
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
{% endif %}
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
{% if cookiecutter.java | int == 8 %}
import java.util.HashMap;
{% endif %}
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item, as the table has it and this function returns it. */
{% if cookiecutter.java | int >= 17 %}
record Item(String id, String name, int quantity) {

{% else %}
@JsonPropertyOrder({"id", "name", "quantity"})
final class Item {

{% endif %}
    // Counts characters, of which some are two chars in Java; half of such a pair, which JSON can escape, is none.
    private static final Pattern NAME = Pattern.compile("\\P{Cs}{1,100}");
    private static final ObjectReader JSON =
            new JsonMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

{% if cookiecutter.java | int < 17 %}
    public final String id;
    public final String name;
    public final int quantity;

    private Item(String id, String name, int quantity) {
        this.id = id;
        this.name = name;
        this.quantity = quantity;
    }

{% endif %}
    /** Returns the item in a request's body. Throws {@link InvalidBodyException} if there is none. */
    static Item parse(String id, String body) {
        JsonNode json = read(body);
        if (!json.isObject()) {
            throw new InvalidBodyException("the body must be a JSON object");
        }
        String name = json.path("name").textValue();
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InvalidBodyException("name must be a string of 1 to 100 characters");
        }
        // isInt holds only for an integer literal that fits an int: 2.0 is a double, 2147483648 a long.
        JsonNode quantity = json.path("quantity");
        if (!quantity.isInt() || quantity.intValue() < 0) {
            throw new InvalidBodyException("quantity must be an integer from 0 to 2147483647");
        }
        return new Item(id, name, quantity.intValue());
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    Map<String, AttributeValue> attributes() {
{% if cookiecutter.java | int == 8 %}
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put("id", AttributeValue.fromS(id));
        attributes.put("name", AttributeValue.fromS(name));
        attributes.put("quantity", AttributeValue.fromN(Integer.toString(quantity)));
        return attributes;
{% else %}
        return Map.of(
                "id", AttributeValue.fromS(id),
                "name", AttributeValue.fromS(name),
                "quantity", AttributeValue.fromN(Integer.toString(quantity)));
{% endif %}
    }
}
