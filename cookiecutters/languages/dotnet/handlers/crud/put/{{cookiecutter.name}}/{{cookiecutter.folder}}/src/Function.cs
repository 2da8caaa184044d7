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
    /// Answers PUT /{{ cookiecutter.path }} and stores the item in the body under that id: a new one, or the next version of
    /// one. Its event and its response are those of HTTP APIs in Amazon API Gateway:
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

        Item item;
        try
        {
            item = Item.Parse(id, request);
        }
        catch (FormatException exception)
        {
            return new Problem("Bad Request", 400, exception.Message).ToResponse();
        }

        if (!await StoreAsync(item))
        {
            var detail = item.IsNew
                ? "there is an item with this id already; send its version to replace it"
                : "the item does not have this version any more";
            return new Problem("Conflict", 409, detail).ToResponse();
        }

        return new()
        {
            StatusCode = item.IsNew ? 201 : 200,
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            Body = JsonSerializer.Serialize(item, FunctionJsonContext.Default.Item),
        };
    }

    /// <summary>
    /// Stores an item and returns true, or false if it is not the next version of what the table has. DynamoDB decides
    /// that, since another request may come between reading and writing. An item that was deleted and stored again
    /// begins at version 1 again, though.
    /// </summary>
    private async Task<bool> StoreAsync(Item item)
    {
        var request = new PutItemRequest
        {
            TableName = tableName,
            Item = new()
            {
                ["id"] = new() { S = item.Id },
                ["name"] = new() { S = item.Name },
                ["quantity"] = Number(item.Quantity),
                ["version"] = Number(item.Version),
            },
            ConditionExpression = "attribute_not_exists(id)",
        };
        if (!item.IsNew)
        {
            request.ConditionExpression = "version = :version";
            request.ExpressionAttributeValues = new() { [":version"] = Number(item.Version - 1) };
        }

        try
        {
            await dynamoDb.PutItemAsync(request);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            // Also if the SDK's first attempt stored the item, the answer was lost, and the SDK tried again.
            return false;
        }
    }

    private static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };
}
