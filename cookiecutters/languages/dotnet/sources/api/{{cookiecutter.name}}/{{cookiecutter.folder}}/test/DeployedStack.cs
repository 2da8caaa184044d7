{% set v3 = cookiecutter.xunit == "xunit.v3" %}
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>The stack that AWS_SAM_STACK_NAME names, reached with the SAM CLI's credentials and region.</summary>
internal static class DeployedStack
{
    public static string Name { get; } = Environment.GetEnvironmentVariable("AWS_SAM_STACK_NAME") ?? "";

    /// <summary>Returns the output that has the URL of the function's API.</summary>
    public static string ApiOutput()
    {
        // Windows finds sam.cmd only by its whole name.
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "sam.cmd" : "sam")
        {
            ArgumentList = { "list", "stack-outputs", "--stack-name", Name, "--output", "json" },
            RedirectStandardOutput = true,
            // The project's folder, where samconfig.toml is.
            WorkingDirectory = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../..")),
        };
        using var sam = Process.Start(start)!;
        var json = sam.StandardOutput.ReadToEnd();
        sam.WaitForExit();
        Assert.Equal(0, sam.ExitCode);

        using var outputs = JsonDocument.Parse(json);
        return outputs.RootElement.EnumerateArray()
            .Single(output => output.GetProperty("OutputKey").GetString() == "{{ cookiecutter.function_pascal }}Api")
            .GetProperty("OutputValue").GetString()!;
    }
}
{% if not v3 %}

internal sealed class FactOfTheDeployedStackAttribute : FactAttribute
{
    public FactOfTheDeployedStackAttribute()
    {
        if (DeployedStack.Name.Length == 0)
        {
            Skip = "set AWS_SAM_STACK_NAME to test the deployed stack";
        }
    }
}
{% endif %}
