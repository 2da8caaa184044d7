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
    /// Answers GET /{{ cookiecutter.path }} with the item of that id. Its event and its response are those of HTTP APIs in
    /// Amazon API Gateway:
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    /// </summary>
    public async Task<APIGatewayHttpApiV2ProxyResponse> FunctionHandler(
        APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        if (request.PathParameters?.TryGetValue("id", out var id) != true || !ItemId.IsValid(id))
        {
            return new Problem("Bad Request", 400, "id must have 1 to 100 letters, digits, hyphens or underscores")
                .ToResponse();
        }

        var found = await dynamoDb.GetItemAsync(new GetItemRequest
        {
            TableName = tableName,
            Key = new() { ["id"] = new() { S = id } },
            // So that whoever has just stored an item finds it.
            ConsistentRead = true,
        });
        return found.Item is { Count: > 0 } attributes
            ? Ok(Item.From(attributes))
            : new Problem("Not Found", 404, "there is no item with this id").ToResponse();
    }

    private static APIGatewayHttpApiV2ProxyResponse Ok(Item item) => new()
    {
        StatusCode = 200,
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
        Body = JsonSerializer.Serialize(item, FunctionJsonContext.Default.Item),
    };
}
