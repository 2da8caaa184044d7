package {{ cookiecutter.function_flat }};

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

        DeployedStack.Response response = DeployedStack.send("PUT", url, "{\"name\": \"Pencil\", \"quantity\": 3}");

        // From the second time on, the item is there.
        assertTrue(response.status() == 201 || response.status() == 409, response.body());
    }
}
