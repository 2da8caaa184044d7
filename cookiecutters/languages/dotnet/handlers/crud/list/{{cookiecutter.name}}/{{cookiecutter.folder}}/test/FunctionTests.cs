using System.Text.Json;
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
    private readonly List<ScanRequest> _requests = [];

    public static TheoryData<string> InvalidTokens => new()
    {
        "",
        "!",
        "é",
        "a",
        // "a b", a byte that is not UTF-8, and an id of 101 letters
        "YSBi",
        "_w",
        string.Concat(Enumerable.Repeat("YWFh", 33)) + "YWE",
        // The token of an id with padding, with more, and with bits that mean nothing
        "MQ==",
        "cGVu====",
        "cGVu!",
        "cG Vu",
        "cGVu\n",
        "MR",
    };

    [Fact]
    public async Task ReturnsAPage()
    {
        Answer(new ScanResponse
        {
            Items = [Attributes("pen"), Attributes("pencil")],
            LastEvaluatedKey = Key("pencil"),
        });

        AssertResponse(
            200,
            """{"items":[{"id":"pen","name":"Pencil","quantity":3,"version":1},"""
                + """{"id":"pencil","name":"Pencil","quantity":3,"version":1}],"next":"cGVuY2ls"}""",
            await Invoke(SampleEvent()));
        AssertAsked(2, null);
    }

    [Fact]
    public async Task ReturnsTheNextPage()
    {
        Answer(new ScanResponse { Items = [Attributes("ruler")] });

        AssertResponse(
            200,
            """{"items":[{"id":"ruler","name":"Pencil","quantity":3,"version":1}],"next":null}""",
            // The token of pencil, as it has always been: callers may keep it.
            await Invoke(Request(("limit", "2"), ("next", "cGVuY2ls"))));
        AssertAsked(2, "pencil");
    }

    // Their tokens would have padding, or a character that has another meaning in a query.
    [Theory]
    [InlineData("1")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("aZ09_-")]
    public async Task GoesOnAfterAnyItem(string id)
    {
        Answer(new ScanResponse { Items = [Attributes(id)], LastEvaluatedKey = Key(id) });

        using var page = JsonDocument.Parse((await Invoke(Request(("limit", "1")))).Body);
        var token = page.RootElement.GetProperty("next").GetString()!;
        _requests.Clear();
        await Invoke(Request(("limit", "1"), ("next", token)));

        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        AssertAsked(1, id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HasALimitByItself(bool hasParameters)
    {
        Answer(new ScanResponse { Items = [] });

        AssertResponse(
            200, """{"items":[],"next":null}""", await Invoke(hasParameters ? Request() : new()));
        AssertAsked(25, null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task AcceptsALimit(int limit)
    {
        Answer(new ScanResponse { Items = [] });

        await Invoke(Request(("limit", $"{limit}")));

        AssertAsked(limit, null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("ten")]
    [InlineData("1,2")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("\u0663")]
    [InlineData("99999999999999999999")]
    public async Task RefusesALimit(string limit)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"limit must be an integer from 1 to 100"}""",
            await Invoke(Request(("limit", limit))));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Theory]
    [MemberData(nameof(InvalidTokens))]
    public async Task RefusesAToken(string token)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"next must be the next of an earlier answer"}""",
            await Invoke(Request(("next", token))));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Fact]
    public async Task FailsWithWhatDynamoDbRefuses()
    {
        Answer(new AmazonDynamoDBException("refused"));

        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Invoke(Request()));
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

    private static APIGatewayHttpApiV2ProxyRequest Request(params (string Name, string Value)[] parameters) => new()
    {
        QueryStringParameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    };

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["id"] = new() { S = id } };

    private static Dictionary<string, AttributeValue> Attributes(string id) => new()
    {
        ["id"] = new() { S = id },
        ["name"] = new() { S = "Pencil" },
        ["quantity"] = new() { N = "3" },
        ["version"] = new() { N = "1" },
    };

    // What DynamoDB answers, or why it does not.
    private void Answer(ScanResponse response) =>
        _dynamoDb.ScanAsync(Arg.Do<ScanRequest>(_requests.Add), Arg.Any<CancellationToken>())
            .Returns(response);

    private void Answer(Exception exception) =>
        _dynamoDb.ScanAsync(Arg.Do<ScanRequest>(_requests.Add), Arg.Any<CancellationToken>())
            .ThrowsAsync(exception);

    private async Task<APIGatewayHttpApiV2ProxyResponse> Invoke(APIGatewayHttpApiV2ProxyRequest request)
    {
        var response = await new Function("items", _dynamoDb).FunctionHandler(request, new TestLambdaContext());
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return response;
    }

    private void AssertAsked(int limit, string? after)
    {
        var request = Assert.Single(_requests);
        Assert.Equal("items", request.TableName);
        Assert.Equal(limit, request.Limit);
        Assert.Equal(after, request.ExclusiveStartKey?["id"].S);
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
