using System.Net.Http.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    [Fact]
    public async Task ReplacesNoItemThatIsNotThere()
    {
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
        var url = DeployedStack.ApiOutput().Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal);
        using var client = new HttpClient();

        using var response = await client.PutAsJsonAsync(
            new Uri(url), new { name = "Pencil", quantity = 3, version = 1 }, cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(409, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """{"title":"Conflict","status":409,"detail":"the item does not have this version any more"}""",
            body);
    }
}
