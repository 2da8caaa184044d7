using System.Text;
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
    private const string Body = """{"name": "Pencil", "quantity": 3}""";

    private static readonly SourceGeneratorLambdaJsonSerializer<FunctionJsonContext> Serializer = new();

    private readonly IAmazonDynamoDB _dynamoDb = Substitute.For<IAmazonDynamoDB>();

    // What the table was asked.
    private readonly List<PutItemRequest> _requests = [];

    public static TheoryData<string> ValidIds => new() { "1", "aZ09_-", new string('a', 100) };

    public static TheoryData<string> InvalidIds =>
        new() { "", "a b", "a/b", "a\n", "é", "\u0663", new string('a', 101) };

    public static TheoryData<string, string> ValidItems => new()
    {
        { "P", "0" },
        { "é", "2147483647" },
        // 100 characters, but 200 in UTF-16
        { string.Concat(Enumerable.Repeat("\U0001f58a", 100)), "3" },
    };

    public static TheoryData<string> InvalidNames => new()
    {
        "\"\"",
        $"\"{new string('a', 101)}\"",
        "5",
        "true",
        "null",
        """["Pencil"]""",
        // Half of a surrogate pair
        "\"\\ud800\"",
    };

    [Fact]
    public async Task StoresANewItem()
    {
        Answer(new PutItemResponse());

        AssertResponse(
            201,
            """{"id":"pencil","name":"Pencil","quantity":3}""",
            await Invoke(SampleEvent()));
        AssertStored("pencil", "Pencil", "3");
    }

    [Fact]
    public async Task StoresAnItemOnce()
    {
        Answer(new ConditionalCheckFailedException("The conditional request failed"));

        AssertResponse(
            409,
            """{"title":"Conflict","status":409,"detail":"there is an item with this id already"}""",
            await Invoke(Request(Body)));
    }

    [Theory]
    [MemberData(nameof(ValidIds))]
    public async Task AcceptsAnId(string id)
    {
        Answer(new PutItemResponse());

        Assert.Equal(201, (await Invoke(Request(Body, id))).StatusCode);
        AssertStored(id, "Pencil", "3");
    }

    [Theory]
    [MemberData(nameof(ValidItems))]
    public async Task AcceptsAnItem(string name, string quantity)
    {
        Answer(new PutItemResponse());

        var body = """{"note": "another key", "quantity": """ + quantity + $", \"name\": \"{name}\"}}";

        Assert.Equal(201, (await Invoke(Request(body))).StatusCode);
        AssertStored("pencil", name, quantity);
    }

    [Fact]
    public async Task FailsWithWhateverElseDynamoDbRefuses()
    {
        Answer(new AmazonDynamoDBException("refused"));

        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => Invoke(Request(Body)));
    }

    [Theory]
    [MemberData(nameof(InvalidIds))]
    public async Task RefusesAnId(string id)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"id must have 1 to 100 letters, """
                + """digits, hyphens or underscores"}""",
            await Invoke(Request(Body, id)));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefusesARequestWithoutAnId(bool hasParameters)
    {
        var parameters = hasParameters ? new Dictionary<string, string>() : null;

        var response = await Invoke(new() { PathParameters = parameters, Body = Body });

        Assert.Equal(400, response.StatusCode);
    }

    [Fact]
    public async Task RefusesMoreThan1024Bytes()
    {
        Answer(new PutItemResponse());
        var longest = Body.Insert(1, $""" "notes": "{new string('é', 489)}",""");
        Assert.Equal(1024, Encoding.UTF8.GetByteCount(longest));

        Assert.Equal(201, (await Invoke(Request(longest))).StatusCode);
        AssertResponse(
            413,
            """{"title":"Content Too Large","status":413,"detail":"the body must not have more than 1024 bytes"}""",
            await Invoke(Request(longest + " ")));
        Assert.Single(_requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("this is not JSON")]
    [InlineData(Body + "{}")]
    [InlineData("""{"\ud800": 1, "name": "Pencil", "quantity": 3}""")]
    public async Task RefusesWhatIsNoJsonObject(string? body)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"the body must be a JSON object"}""",
            await Invoke(Request(body)));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Theory]
    [MemberData(nameof(InvalidNames))]
    public async Task RefusesAName(string name)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"name must be a string of 1 to 100 characters"}""",
            await Invoke(Request("""{"name": """ + name + """, "quantity": 3}""")));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Theory]
    [InlineData("""{"quantity": 3}""")]
    [InlineData("""{"Name": "Pencil", "quantity": 3}""")]
    [InlineData("""{"quantity": -1}""")]
    public async Task RefusesAnItemWithoutAName(string body)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"name must be a string of 1 to 100 characters"}""",
            await Invoke(Request(body)));
    }

    [Theory]
    [InlineData("""{"name": "Pencil"}""")]
    [InlineData("""{"name": "Pencil", "quantity": -1}""")]
    [InlineData("""{"name": "Pencil", "quantity": 1.5}""")]
    [InlineData("""{"name": "Pencil", "quantity": 3.0}""")]
    [InlineData("""{"name": "Pencil", "quantity": "3"}""")]
    [InlineData("""{"name": "Pencil", "quantity": true}""")]
    [InlineData("""{"name": "Pencil", "quantity": null}""")]
    [InlineData("""{"name": "Pencil", "quantity": []}""")]
    [InlineData("""{"name": "Pencil", "quantity": 2147483648}""")]
    public async Task RefusesAQuantity(string body)
    {
        AssertResponse(
            400,
            """{"title":"Bad Request","status":400,"detail":"quantity must be an integer from 0 to 2147483647"}""",
            await Invoke(Request(body)));
        Assert.Empty(_dynamoDb.ReceivedCalls());
    }

    [Fact]
    public void DoesNotStartWithoutATable()
    {
        Environment.SetEnvironmentVariable("TABLE_NAME", null);

        var exception = Assert.Throws<InvalidOperationException>(() => new Function());

        Assert.Equal("the environment variable TABLE_NAME is missing", exception.Message);
    }

    private static APIGatewayProxyRequest SampleEvent()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        return Serializer.Deserialize<APIGatewayProxyRequest>(file);
    }

    private static APIGatewayProxyRequest Request(string? body, string id = "pencil") => new()
    {
        PathParameters = new Dictionary<string, string> { ["id"] = id },
        Body = body,
    };

    // What DynamoDB answers, or why it does not.
    private void Answer(PutItemResponse response) =>
        _dynamoDb.PutItemAsync(Arg.Do<PutItemRequest>(_requests.Add), Arg.Any<CancellationToken>())
            .Returns(response);

    private void Answer(Exception exception) =>
        _dynamoDb.PutItemAsync(Arg.Do<PutItemRequest>(_requests.Add), Arg.Any<CancellationToken>())
            .ThrowsAsync(exception);

    private async Task<APIGatewayProxyResponse> Invoke(APIGatewayProxyRequest request)
    {
        var response = await new Function("items", _dynamoDb).FunctionHandler(request, new TestLambdaContext());
        // As Lambda does: this throws where FunctionJsonContext does not list the type of the response.
        Serializer.Serialize(response, Stream.Null);
        return response;
    }

    private void AssertStored(string id, string name, string quantity)
    {
        var request = Assert.Single(_requests);
        Assert.Equal("items", request.TableName);
        Assert.Equal(3, request.Item.Count);
        Assert.Equal(id, request.Item["id"].S);
        Assert.Equal(name, request.Item["name"].S);
        Assert.Equal(quantity, request.Item["quantity"].N);
        Assert.Equal("attribute_not_exists(id)", request.ConditionExpression);
    }

    private static void AssertResponse(int status, string body, APIGatewayProxyResponse response)
    {
        Assert.Equal(status, response.StatusCode);
        var header = Assert.Single(response.Headers);
        Assert.Equal("Content-Type", header.Key);
        Assert.Equal(status < 400 ? "application/json" : "application/problem+json", header.Value);
        Assert.Equal(body, response.Body);
    }
}
