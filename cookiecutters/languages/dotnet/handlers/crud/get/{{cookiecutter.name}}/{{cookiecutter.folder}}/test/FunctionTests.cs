using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.TestUtilities;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class FunctionTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private readonly IAmazonDynamoDB _dynamoDb = Substitute.For<IAmazonDynamoDB>();

    // What the table was asked.
    private readonly List<GetItemRequest> _requests = [];

    public static TheoryData<string> ValidIds => new() { "1", "aZ09_-", new string('a', 100) };

    public static TheoryData<string> InvalidIds =>
        new() { "", "a b", "a/b", "a\n", "é", "\u0663", new string('a', 101) };

    [Fact]
    public async Task ReturnsTheItem()
    {
        Answer(new GetItemResponse
        {
            Item = new()
            {
                ["id"] = new() { S = "pencil" },
                ["name"] = new() { S = "Pencil" },
                ["quantity"] = new() { N = "3" },
                ["version"] = new() { N = "2147483648" },
            },
        });

        AssertResponse(
            200,
            """{"id":"pencil","name":"Pencil","quantity":3,"version":2147483648}""",
            await Invoke(SampleEvent()));
        AssertAskedFor("pencil");
    }

    [Theory]
    [MemberData(nameof(ValidIds))]
    public async Task DoesNotFindAnItem(string id)
    {
        Answer(new GetItemResponse());

        AssertResponse(
            404,
            """{"title":"Not Found","status":404,"detail":"there is no item with this id"}""",
            await Invoke(Request(id)));
        AssertAskedFor(id);
    }

    [Fact]
    public async Task FailsWithWhatDynamoDbRefuses()
    {
        Answer(new AmazonDynamoDBException("refused"));

        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Invoke(Request("pencil")));
    }

    [Theory]
    [MemberData(nameof(InvalidIds))]
    public async Task RefusesAnId(string id)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"id must have 1 to 100 letters, """
                + """digits, hyphens or underscores"}""",
            await Invoke(Request(id)));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusesARequestWithoutAnId(bool hasParameters)
    {
        var parameters = hasParameters ? new Dictionary<string, string>() : null;

        var response = await Invoke(new() { PathParameters = parameters });

        Assert.Equal(400, response.StatusCode);
    }

    [Fact]
    public void DoesNotStartWithoutATable()
    {
        Environment.SetEnvironmentVariable("TABLE_NAME", null);

        var exception = Assert.Throws<InvalidOperationException>(() => new Function());

        Assert.Equal("the environment variable TABLE_NAME is missing", exception.Message);
    }

    private static APIGatewayHttpApiV2ProxyRequest SampleEvent()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        return Serializer.Deserialize<APIGatewayHttpApiV2ProxyRequest>(file);
    }

    private static APIGatewayHttpApiV2ProxyRequest Request(string id) => new()
    {
        PathParameters = new Dictionary<string, string> { ["id"] = id },
    };

    // What DynamoDB answers, or why it does not.
    private void Answer(GetItemResponse response) =>
        _dynamoDb.GetItemAsync(Arg.Do<GetItemRequest>(_requests.Add), Arg.Any<CancellationToken>())
            .Returns(response);

    private void Answer(Exception exception) =>
        _dynamoDb.GetItemAsync(Arg.Do<GetItemRequest>(_requests.Add), Arg.Any<CancellationToken>())
            .ThrowsAsync(exception);

    private async Task<APIGatewayHttpApiV2ProxyResponse> Invoke(APIGatewayHttpApiV2ProxyRequest request)
    {
        var response = await new Function("items", _dynamoDb).FunctionHandler(request, new TestLambdaContext());
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return response;
    }

    private void AssertAskedFor(string id)
    {
        var request = Assert.Single(_requests);
        Assert.Equal("items", request.TableName);
        Assert.True(request.ConsistentRead);
        var key = Assert.Single(request.Key);
        Assert.Equal("id", key.Key);
        Assert.Equal(id, key.Value.S);
    }

    private static void AssertResponse(int status, string body, APIGatewayHttpApiV2ProxyResponse response)
    {
        Assert.Equal(status, response.StatusCode);
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        Assert.Equal(status < 400 ? "application/json" : "application/problem+json", header.Value);
        Assert.Equal(body, response.Body);
    }
}
