package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

{% if cookiecutter.java | int == 8 %}
import java.util.Collections;
{% endif %}
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {

    @ParameterizedTest
    @ValueSource(strings = {"1", "aZ09_-"})
    void acceptsAnId(String id) {
        assertTrue(Api.isId(id));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"a b", "a/b", "\u00e9", "a\n"})
    void refusesWhatIsNoId(String text) {
        assertFalse(Api.isId(text));
    }

    @Test
    void limitsTheLengthOfAnId() {
{% if cookiecutter.java | int == 8 %}
        String longest = String.join("", Collections.nCopies(100, "a"));
{% else %}
        String longest = "a".repeat(100);
{% endif %}

        assertTrue(Api.isId(longest));
        assertFalse(Api.isId(longest + "a"));
    }
}
