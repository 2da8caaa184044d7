package {{ cookiecutter.function_flat }};

{% if cookiecutter.java | int < 17 %}
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
{% endif %}
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An item of the table, as this function returns it. */
{% if cookiecutter.java | int >= 17 %}
record Item(String id, String name, int quantity, long version) {

{% else %}
@JsonPropertyOrder({"id", "name", "quantity", "version"})
final class Item {

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

{% endif %}
    static Item of(Map<String, AttributeValue> attributes) {
        return new Item(
                attributes.get("id").s(),
                attributes.get("name").s(),
                Integer.parseInt(attributes.get("quantity").n()),
                Long.parseLong(attributes.get("version").n()));
    }
}
