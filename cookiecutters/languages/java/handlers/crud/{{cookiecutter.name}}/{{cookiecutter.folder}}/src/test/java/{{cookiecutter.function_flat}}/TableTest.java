package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void hasTheNameInTheEnvironment() {
        assertEquals("items", Table.name(Collections.singletonMap("TABLE_NAME", "items")));
    }

    @Test
    void needsAName() {
        Exception failure = assertThrows(IllegalStateException.class, () -> Table.name(Collections.emptyMap()));

        assertEquals("the environment variable TABLE_NAME is not set", failure.getMessage());
    }
}
