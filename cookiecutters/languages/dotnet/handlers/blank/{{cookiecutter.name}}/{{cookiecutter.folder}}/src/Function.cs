using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

// Lambda reads the event and writes the response with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    /// <summary>Greets by name, or the world where there is none.</summary>
    public Response FunctionHandler(Request request, ILambdaContext context) =>
        new($"hello {(string.IsNullOrEmpty(request.Name) ? "world" : request.Name)}");
}

/// <summary>
/// What the function is invoked with. For the events of AWS services there are types, in packages such as
/// Amazon.Lambda.SQSEvents: https://github.com/aws/aws-lambda-dotnet
/// </summary>
public record Request(string? Name);

/// <summary>What the function answers.</summary>
public record Response(string Message);
