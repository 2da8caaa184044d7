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
    void refusesAVersionOfNoItem() throws Exception {
        String url = DeployedStack.url().replace("{id}", UUID.randomUUID().toString());

        DeployedStack.Response response =
                DeployedStack.send("PUT", url, "{\"name\": \"Pencil\", \"quantity\": 3, \"version\": 1}");

        // So nothing is left in the table.
        assertEquals(409, response.status());
        assertEquals("application/problem+json", response.contentType());
        assertEquals(
                "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"the item does not have this version any more\"}",
                response.body());
    }
}
