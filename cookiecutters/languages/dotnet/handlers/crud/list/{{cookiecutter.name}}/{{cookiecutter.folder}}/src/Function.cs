using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

// Lambda reads the event and writes the response with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function(string tableName, IAmazonDynamoDB dynamoDb)
{
    /// <summary>Lambda calls this once for each execution environment, so that all requests share the client.</summary>
    public Function()
        : this(Table.NameInEnvironment(), Table.CreateClient())
    {
    }

    /// <summary>
    /// Answers GET /{{ cookiecutter.path }} with a page of the items, in no order. Its event and its response are those of HTTP
    /// APIs in Amazon API Gateway:
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    /// </summary>
    public async Task<APIGatewayHttpApiV2ProxyResponse> FunctionHandler(
        APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        if (!TryParseLimit(Parameter(request, "limit") ?? "25", out var limit))
        {
            return new Problem("Bad Request", 400, "limit must be an integer from 1 to 100").ToResponse();
        }

        string? after = null;
        if (Parameter(request, "next") is { } token && !Token.TryRead(token, out after))
        {
            return new Problem("Bad Request", 400, "next must be the next of an earlier answer").ToResponse();
        }

        return Ok(await ReadAsync(limit, after));
    }

    private static string? Parameter(APIGatewayHttpApiV2ProxyRequest request, string name) =>
        request.QueryStringParameters?.TryGetValue(name, out var value) == true ? value : null;

    // NumberStyles.None leaves digits only: neither signs nor spaces.
    private static bool TryParseLimit(string text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= 100;

    /// <summary>Reads the items after the one with the id <paramref name="after"/>, or the first ones.</summary>
    private async Task<Page> ReadAsync(int limit, string? after)
    {
        var found = await dynamoDb.ScanAsync(new ScanRequest
        {
            TableName = tableName,
            Limit = limit,
            ExclusiveStartKey = after is null ? null : new() { ["id"] = new() { S = after } },
        });
        return new Page(
            [.. found.Items.Select(Item.From)],
            found.LastEvaluatedKey is { Count: > 0 } last ? Token.Write(last["id"].S) : null);
    }

    private static APIGatewayHttpApiV2ProxyResponse Ok(Page page) => new()
    {
        StatusCode = 200,
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
        Body = JsonSerializer.Serialize(page, FunctionJsonContext.Default.Page),
    };
}
