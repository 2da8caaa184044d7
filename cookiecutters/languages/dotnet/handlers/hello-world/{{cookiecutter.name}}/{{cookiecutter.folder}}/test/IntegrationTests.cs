{% set v3 = cookiecutter.xunit == "xunit.v3" %}
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    [{{ "Fact" if v3 else "FactOfTheDeployedStack" }}]
    public async Task Greets()
    {
{% if v3 %}
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
{% else %}
        var cancellation = CancellationToken.None;
{% endif %}
        var url = DeployedStack.ApiOutput();
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(url), cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("{\"message\":\"hello world\"}", body);
    }
}
