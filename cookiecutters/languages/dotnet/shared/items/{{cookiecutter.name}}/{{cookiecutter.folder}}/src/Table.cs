using Amazon.DynamoDBv2;

namespace {{ cookiecutter.function_pascal }};

/// <summary>The table with the items. Its name is in template.yaml, region and credentials come from Lambda.</summary>
internal static class Table
{
    /// <exception cref="InvalidOperationException">The environment has no name.</exception>
    public static string NameInEnvironment() =>
        Environment.GetEnvironmentVariable("TABLE_NAME")
        ?? throw new InvalidOperationException("the environment variable TABLE_NAME is missing");

    // Three attempts that hang, and the pauses between them, fit into the function's 10 seconds.
    public static AmazonDynamoDBClient CreateClient() =>
        new(new AmazonDynamoDBConfig { Timeout = TimeSpan.FromSeconds(2), MaxErrorRetry = 2 });
}
