package {{ cookiecutter.function_flat }};

import static java.nio.charset.StandardCharsets.UTF_8;

{% if cookiecutter.java | int < 17 %}
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
{% endif %}
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
{% if cookiecutter.java | int == 8 %}
import java.util.HashMap;
{% endif %}
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item, as the table has it and this function returns it. */
{% if cookiecutter.java | int >= 17 %}
record Item(String id, String name, int quantity, long version) {

{% else %}
@JsonPropertyOrder({"id", "name", "quantity", "version"})
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
    public final long version;

    private Item(String id, String name, int quantity, long version) {
        this.id = id;
        this.name = name;
        this.quantity = quantity;
        this.version = version;
    }

    long version() {
        return version;
    }

{% endif %}
    /**
     * Returns the item in a request's body: the first version, or the one after that in the body. Throws {@link
     * InvalidBodyException} if there is none.
     */
    static Item parse(String id, String body, boolean isBase64Encoded) {
        JsonNode json = read(body == null ? "" : body, isBase64Encoded);
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
        JsonNode version = json.path("version");
        if (version.isMissingNode()) {
            return new Item(id, name, quantity.intValue(), 1);
        }
        if (!version.isInt() || version.intValue() < 1) {
            throw new InvalidBodyException("version must be an integer from 1 to 2147483647");
        }
        return new Item(id, name, quantity.intValue(), version.longValue() + 1);
    }

    private static JsonNode read(String body, boolean isBase64Encoded) {
        try {
            return JSON.readTree(isBase64Encoded ? decode(body) : body);
        } catch (IOException | IllegalArgumentException e) { // not JSON, not UTF-8, or not base64
            return MissingNode.getInstance();
        }
    }

    /** API Gateway encodes bodies that it does not take for text. */
    private static String decode(String body) throws CharacterCodingException {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(body));
        return UTF_8.newDecoder().decode(bytes).toString();
    }

    Map<String, AttributeValue> attributes() {
{% if cookiecutter.java | int == 8 %}
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put("id", AttributeValue.fromS(id));
        attributes.put("name", AttributeValue.fromS(name));
        attributes.put("quantity", number(quantity));
        attributes.put("version", number(version));
        return attributes;
{% else %}
        return Map.of(
                "id", AttributeValue.fromS(id),
                "name", AttributeValue.fromS(name),
                "quantity", number(quantity),
                "version", number(version));
{% endif %}
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
