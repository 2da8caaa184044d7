using Amazon.Lambda.Core;

[assembly: LambdaSerializer(typeof(Amazon.Lambda.Serialization.SystemTextJson.DefaultLambdaJsonSerializer))]

namespace ImageUpper;

public class Function
{
    /// <summary>A simple function that takes an object and returns its name in upper case.</summary>
    public string FunctionHandler(Dictionary<string, string> input, ILambdaContext context)
    {
        context.Logger.LogInformation("called");
        return Shout(input["name"]);
    }

    public static string Shout(string text) => text.ToUpperInvariant();
}
