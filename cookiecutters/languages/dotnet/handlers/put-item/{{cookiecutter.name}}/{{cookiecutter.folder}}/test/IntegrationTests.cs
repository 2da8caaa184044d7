using System.Net.Http.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    // The item stays in the table, so an earlier run may have stored it.
    [Fact]
    public async Task StoresAnItemOnce()
    {
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
        var url = DeployedStack.ApiOutput().Replace("{id}", "integration-test", StringComparison.Ordinal);
        using var client = new HttpClient();

        var item = new { name = "Integration test", quantity = 1 };

        using var first = await client.PutAsJsonAsync(new Uri(url), item, cancellation);
        using var second = await client.PutAsJsonAsync(new Uri(url), item, cancellation);
        var body = await second.Content.ReadAsStringAsync(cancellation);

        Assert.True((int)first.StatusCode is 201 or 409, $"the first status was {first.StatusCode}");
        Assert.Equal(409, (int)second.StatusCode);
        Assert.Equal("""{"title":"Conflict","status":409,"detail":"there is an item with this id already"}""", body);
    }
}
