using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Bogus;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private readonly Function _function = new(Seeded());

    [Fact]
    public void AnswersWithTheCustomerOfItsSeed()
    {
        var response = Invoke();

        Assert.Equal(200, response.StatusCode);
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        Assert.Equal("application/json", header.Value);
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        Assert.Equal(JsonSerializer.Serialize(Customer.Make(Seeded()), options), response.Body);
    }

    [Fact]
    public void AnswersWithAnotherCustomerEachTime()
    {
        Assert.NotEqual(Invoke().Body, Invoke().Body);
    }

    [Fact]
    public void SaysAllOfACustomer()
    {
        using var body = JsonDocument.Parse(Invoke().Body);
        var customer = body.RootElement.EnumerateObject().ToList();
        var address = body.RootElement.GetProperty("address").EnumerateObject().ToList();

        Assert.Equal(new[] { "id", "name", "email", "phone", "address" }, customer.Select(part => part.Name));
        Assert.Equal(new[] { "street", "city", "postcode", "country" }, address.Select(part => part.Name));
        Assert.All(customer.Take(4).Concat(address), part => Assert.False(string.IsNullOrEmpty(part.Value.GetString())));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", customer[0].Value.GetString());
        Assert.Contains("@", customer[2].Value.GetString());
    }

    private static Faker Seeded() => new() { Random = new Randomizer(2026) };

    private APIGatewayProxyResponse Invoke()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        var request = new DefaultLambdaJsonSerializer().Deserialize<APIGatewayProxyRequest>(file);
        return _function.FunctionHandler(request, new TestLambdaContext());
    }
}
