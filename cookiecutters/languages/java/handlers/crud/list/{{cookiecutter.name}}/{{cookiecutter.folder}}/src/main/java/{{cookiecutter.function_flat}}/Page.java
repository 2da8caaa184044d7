package {{ cookiecutter.function_flat }};

{% if cookiecutter.java | int < 17 %}
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
{% endif %}
import java.util.List;

/** Some items, in no order, and a token for the page after them, or null if there is none. */
{% if cookiecutter.java | int >= 17 %}
record Page(List<Item> items, String next) {}
{% else %}
@JsonPropertyOrder({"items", "next"})
final class Page {

    public final List<Item> items;
    public final String next;

    Page(List<Item> items, String next) {
        this.items = items;
        this.next = next;
    }
}
{% endif %}
