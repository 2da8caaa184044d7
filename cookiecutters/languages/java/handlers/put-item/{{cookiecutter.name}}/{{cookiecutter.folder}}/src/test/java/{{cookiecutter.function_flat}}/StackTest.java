package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Calls the API of a deployed stack. */
@EnabledIfEnvironmentVariable(
        named = "AWS_SAM_STACK_NAME",
        matches = ".+",
        disabledReason = "set AWS_SAM_STACK_NAME to test the deployed stack")
class StackTest {

    @Test
    void storesAnItemOnce() throws Exception {
        String url = DeployedStack.url().replace("{id}", "integration-test");

        String item = "{\"name\": \"Pencil\", \"quantity\": 3}";

        DeployedStack.Response first = DeployedStack.send("PUT", url, item);
        DeployedStack.Response second = DeployedStack.send("PUT", url, item);

        // An earlier run may have stored the item.
        assertTrue(first.status() == 201 || first.status() == 409, first.body());
        assertEquals(409, second.status(), second.body());
    }
}
