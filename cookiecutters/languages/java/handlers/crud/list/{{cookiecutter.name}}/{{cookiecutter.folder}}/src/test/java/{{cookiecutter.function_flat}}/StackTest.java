package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Calls the API of a deployed stack. */
@EnabledIfEnvironmentVariable(
        named = "AWS_SAM_STACK_NAME",
        matches = ".+",
        disabledReason = "set AWS_SAM_STACK_NAME to test the deployed stack")
class StackTest {

    @Test
    void returnsItems() throws Exception {
        DeployedStack.Response response = DeployedStack.send("GET", DeployedStack.url() + "?limit=1", "");

        assertEquals(200, response.status());
        assertEquals("application/json", response.contentType());
        assertTrue(new JsonMapper().readTree(response.body()).path("items").isArray(), response.body());
    }
}
