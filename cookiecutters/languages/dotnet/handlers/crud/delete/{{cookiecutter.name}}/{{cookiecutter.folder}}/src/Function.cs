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
    /// Answers DELETE /{{ cookiecutter.path }} and deletes the item of that id. Its event and its response are those of HTTP
    /// APIs in Amazon API Gateway:
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

        return await DeleteAsync(id)
            ? new() { StatusCode = 204 }
            : new Problem("Not Found", 404, "there is no item with this id").ToResponse();
    }

    /// <summary>Deletes an item and returns true, or false if there is none with that id.</summary>
    private async Task<bool> DeleteAsync(string id)
    {
        try
        {
            await dynamoDb.DeleteItemAsync(new DeleteItemRequest
            {
                TableName = tableName,
                Key = new() { ["id"] = new() { S = id } },
                // Without it, DynamoDB does not say whether there was one.
                ConditionExpression = "attribute_exists(id)",
            });
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            // Also if the SDK's first attempt deleted the item, the answer was lost, and the SDK tried again.
            return false;
        }
    }
}
