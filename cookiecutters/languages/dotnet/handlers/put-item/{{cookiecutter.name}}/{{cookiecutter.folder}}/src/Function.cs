using System.Globalization;
using System.Text;
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
    private const int MaxBodyBytes = 1024;

    /// <summary>Lambda calls this once for each execution environment, so that all requests share the client.</summary>
    public Function()
        : this(Table.NameInEnvironment(), Table.CreateClient())
    {
    }

    /// <summary>
    /// Answers PUT /{{ cookiecutter.path }} and stores the item in the body under that id, unless there is one. Its event and
    /// its response are those of Amazon API Gateway:
    /// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    /// </summary>
    public async Task<APIGatewayProxyResponse> FunctionHandler(APIGatewayProxyRequest request, ILambdaContext context)
    {
        if (request.PathParameters?.TryGetValue("id", out var id) != true || !ItemId.IsValid(id))
        {
            return new Problem("Bad Request", 400, "id must have 1 to 100 letters, digits, hyphens or underscores")
                .ToResponse();
        }

        var body = request.Body ?? "";
        if (Encoding.UTF8.GetByteCount(body) > MaxBodyBytes)
        {
            return new Problem("Content Too Large", 413, $"the body must not have more than {MaxBodyBytes} bytes")
                .ToResponse();
        }

        Item item;
        try
        {
            item = Item.Parse(id, body);
        }
        catch (FormatException exception)
        {
            return new Problem("Bad Request", 400, exception.Message).ToResponse();
        }

        return await StoreAsync(item)
            ? Created(item)
            : new Problem("Conflict", 409, "there is an item with this id already").ToResponse();
    }

    private static APIGatewayProxyResponse Created(Item item) => new()
    {
        StatusCode = 201,
        Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
        Body = JsonSerializer.Serialize(item, FunctionJsonContext.Default.Item),
    };

    /// <summary>Stores an item and returns true, or false if there is one with its id.</summary>
    private async Task<bool> StoreAsync(Item item)
    {
        try
        {
            await dynamoDb.PutItemAsync(new PutItemRequest
            {
                TableName = tableName,
                Item = new()
                {
                    ["id"] = new() { S = item.Id },
                    ["name"] = new() { S = item.Name },
                    ["quantity"] = new() { N = item.Quantity.ToString(CultureInfo.InvariantCulture) },
                },
                // DynamoDB decides, since another request may come between reading and writing.
                ConditionExpression = "attribute_not_exists(id)",
            });
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            // Also if the SDK's first attempt stored the item, the answer was lost, and the SDK tried again.
            return false;
        }
    }
}
