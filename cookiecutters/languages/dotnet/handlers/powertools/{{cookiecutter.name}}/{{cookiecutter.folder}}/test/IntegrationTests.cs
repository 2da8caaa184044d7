using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    [Fact]
    public async Task Greets()
    {
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
        var url = DeployedStack.ApiOutput().Replace("{name}", "Ada", StringComparison.Ordinal);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(url), cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"message":"hello Ada"}""", body);
    }
}
