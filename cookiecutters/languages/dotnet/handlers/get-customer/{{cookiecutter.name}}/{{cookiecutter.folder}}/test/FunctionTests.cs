using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private const string Id = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";

    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    [Fact]
    public void ReturnsAllOfACustomer()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        var request = Serializer.Deserialize<APIGatewayProxyRequest>(file);

        using var body = JsonDocument.Parse(BodyOf(Invoke(request)));
        var customer = body.RootElement.EnumerateObject().ToList();
        var address = body.RootElement.GetProperty("address").EnumerateObject().ToList();

        Assert.Equal("id name email phone address", string.Join(" ", customer.Select(property => property.Name)));
        Assert.Equal("street city postcode country", string.Join(" ", address.Select(property => property.Name)));
        Assert.All(
            customer.Take(4).Concat(address),
            property => Assert.False(string.IsNullOrEmpty(property.Value.GetString())));
        Assert.Equal(request.PathParameters["id"], customer[0].Value.GetString());
        Assert.Matches("^[^@]+@example\\.(com|net|org)$", customer[2].Value.GetString());
    }

    [Fact]
    public void SameIdSameCustomer() => Assert.Equal(BodyOf(Get(Id)), BodyOf(Get(Id)));

    [Fact]
    public void UpperCaseIdSameCustomer() => Assert.Equal(BodyOf(Get(Id)), BodyOf(Get(Id.ToUpperInvariant())));

    // Each differs from Id in one bit: the first, the last, or one between.
    [Theory]
    [InlineData("bf0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11")]
    [InlineData("3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a10")]
    [InlineData("3f0d0c6b-2b1e-4c8b-9a53-0b6f6e6f7a11")]
    public void OtherIdOtherCustomer(string other) => Assert.NotEqual(AddressIn(Get(Id)), AddressIn(Get(other)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NoIdNewCustomer(bool hasParameters)
    {
        var request = new APIGatewayProxyRequest
        {
            PathParameters = hasParameters ? new Dictionary<string, string>() : null,
        };

        var first = BodyOf(Invoke(request));
        using var customer = JsonDocument.Parse(first);
        var id = customer.RootElement.GetProperty("id").GetString()!;

        Assert.NotEqual(first, BodyOf(Invoke(request)));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
        Assert.Equal(first, BodyOf(Get(id)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("3f0d0c6b2b1e4c8a9a530b6f6e6f7a11")]
    [InlineData("{3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11}")]
    [InlineData("(3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11)")]
    [InlineData("urn:uuid:3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11")]
    [InlineData("3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a110")]
    [InlineData("3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11\n")]
    [InlineData(" 3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11")]
    [InlineData("3g0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11")]
    [InlineData("+f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11")]
    [InlineData("0x0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11")]
    public void MalformedId(string malformed)
    {
        var response = Get(malformed);

        Assert.Equal(400, response.StatusCode);
        Assert.Equal("application/problem+json", ContentTypeOf(response));
        Assert.Equal("{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"id must be a UUID\"}", response.Body);
    }

    private static APIGatewayProxyResponse Invoke(APIGatewayProxyRequest request)
    {
        var response = new Function().FunctionHandler(request, new TestLambdaContext());
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return response;
    }

    private static APIGatewayProxyResponse Get(string id) =>
        Invoke(new() { PathParameters = new Dictionary<string, string> { ["id"] = id } });

    private static string ContentTypeOf(APIGatewayProxyResponse response)
    {
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        return header.Value;
    }

    private static string BodyOf(APIGatewayProxyResponse response)
    {
        Assert.Equal(200, response.StatusCode);
        Assert.Equal("application/json", ContentTypeOf(response));
        return response.Body;
    }

    private static string AddressIn(APIGatewayProxyResponse response)
    {
        using var customer = JsonDocument.Parse(BodyOf(response));
        return customer.RootElement.GetProperty("address").GetRawText();
    }
}
