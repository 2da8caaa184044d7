{% set v3 = cookiecutter.xunit == "xunit.v3" %}
using System.Text.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API.</summary>
public class IntegrationTests
{
    private const string Id = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";

    [{{ "Fact" if v3 else "FactOfTheDeployedStack" }}]
    public async Task ReturnsTheCustomer()
    {
{% if v3 %}
        Assert.SkipWhen(DeployedStack.Name.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
{% else %}
        var cancellation = CancellationToken.None;
{% endif %}
        var url = DeployedStack.ApiOutput().Replace("{id}", Id, StringComparison.Ordinal);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(url), cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var customer = JsonDocument.Parse(body);
        Assert.Equal(
            "id name email phone address",
            string.Join(" ", customer.RootElement.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(Id, customer.RootElement.GetProperty("id").GetString());
    }
}
