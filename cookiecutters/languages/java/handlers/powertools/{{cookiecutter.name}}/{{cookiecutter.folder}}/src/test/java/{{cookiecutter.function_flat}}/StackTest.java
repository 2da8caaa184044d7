package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Calls the API of a deployed stack. */
@EnabledIfEnvironmentVariable(
        named = "AWS_SAM_STACK_NAME",
        matches = ".+",
        disabledReason = "set AWS_SAM_STACK_NAME to test the deployed stack")
class StackTest {

    @Test
    void greets() throws Exception {
        String url = DeployedStack.url().replace("{name}", "Ada");

        DeployedStack.Response response = DeployedStack.send("GET", url, "");

        assertEquals(200, response.status());
        assertEquals("application/json", response.contentType());
        assertEquals("{\"message\":\"hello Ada\"}", response.body());
    }
}
