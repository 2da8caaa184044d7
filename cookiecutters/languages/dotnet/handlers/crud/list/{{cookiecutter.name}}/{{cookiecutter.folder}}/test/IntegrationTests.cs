using System.Text.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    [Fact]
    public async Task ReturnsAPage()
    {
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri($"{DeployedStack.ApiOutput()}?limit=1"), cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var page = JsonDocument.Parse(body);
        Assert.Equal(
            "items next", string.Join(" ", page.RootElement.EnumerateObject().Select(property => property.Name)));
        Assert.True(page.RootElement.GetProperty("items").GetArrayLength() <= 1);
    }
}
