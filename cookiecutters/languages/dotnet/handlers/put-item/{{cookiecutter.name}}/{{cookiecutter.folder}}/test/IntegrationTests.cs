using System.Net.Http.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    // The item stays in the table, so only the first run stores it.
    [Fact]
    public async Task StoresAnItemOnce()
    {
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
        var url = DeployedStack.ApiOutput().Replace("{id}", "integration-test", StringComparison.Ordinal);
        using var client = new HttpClient();

        using var response = await client.PutAsJsonAsync(
            new Uri(url), new { name = "Integration test", quantity = 1 }, cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        if ((int)response.StatusCode == 201)
        {
            Assert.Equal("""{"id":"integration-test","name":"Integration test","quantity":1}""", body);
        }
        else
        {
            Assert.Equal(409, (int)response.StatusCode);
            Assert.Equal(
                """{"title":"Conflict","status":409,"detail":"there is an item with this id already"}""", body);
        }
    }
}
