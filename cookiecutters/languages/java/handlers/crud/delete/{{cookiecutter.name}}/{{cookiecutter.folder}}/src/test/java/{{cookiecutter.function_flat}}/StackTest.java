package {{ cookiecutter.function_flat }};

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Calls the API of a deployed stack. */
@EnabledIfEnvironmentVariable(
        named = "AWS_SAM_STACK_NAME",
        matches = ".+",
        disabledReason = "set AWS_SAM_STACK_NAME to test the deployed stack")
class StackTest {

    @Test
    void knowsNoSuchItem() throws Exception {
        String url = DeployedStack.url().replace("{id}", UUID.randomUUID().toString());

        DeployedStack.Response response = DeployedStack.send("DELETE", url, "");

        assertEquals(404, response.status());
        assertEquals("application/problem+json", response.contentType());
        assertEquals(
                "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is no item with this id\"}",
                response.body());
    }
}
