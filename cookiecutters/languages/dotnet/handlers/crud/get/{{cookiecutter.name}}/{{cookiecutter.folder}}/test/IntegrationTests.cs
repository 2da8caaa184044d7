using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    [Fact]
    public async Task DoesNotFindAnItem()
    {
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
        var url = DeployedStack.ApiOutput().Replace("{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(url), cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"title":"Not Found","status":404,"detail":"there is no item with this id"}""", body);
    }
}
