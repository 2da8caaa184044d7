package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Calls the API of a deployed stack. */
@EnabledIfEnvironmentVariable(
        named = "AWS_SAM_STACK_NAME",
        matches = ".+",
        disabledReason = "set AWS_SAM_STACK_NAME to test the deployed stack")
class StackTest {

    private static final String ID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";

    @Test
    void returnsTheCustomer() throws Exception {
        String url = DeployedStack.url().replace("{id}", ID);

        DeployedStack.Response response = DeployedStack.send("GET", url, "");

        assertEquals(200, response.status());
        assertEquals("application/json", response.contentType());
        assertEquals(ID, new JsonMapper().readTree(response.body()).path("id").textValue());
    }
}
