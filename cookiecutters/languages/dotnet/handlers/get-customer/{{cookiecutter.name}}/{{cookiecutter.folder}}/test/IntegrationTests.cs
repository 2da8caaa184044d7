{% set v3 = cookiecutter.xunit == "xunit.v3" %}
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

/// <summary>Calls the deployed API. AWS_SAM_STACK_NAME says which stack it belongs to.</summary>
public class IntegrationTests
{
    private const string Id = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11";

    private static readonly string Stack = Environment.GetEnvironmentVariable("AWS_SAM_STACK_NAME") ?? "";

    [{{ "Fact" if v3 else "FactOfTheDeployedStack" }}]
    public async Task ReturnsTheCustomer()
    {
{% if v3 %}
        Assert.SkipWhen(Stack.Length == 0, "set AWS_SAM_STACK_NAME to test the deployed stack");
        var cancellation = TestContext.Current.CancellationToken;
{% else %}
        var cancellation = CancellationToken.None;
{% endif %}
        var url = StackOutput("{{ cookiecutter.function_pascal }}Api").Replace("{id}", Id, StringComparison.Ordinal);
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(url), cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var customer = JsonDocument.Parse(body);
        Assert.Equal(
            "id name email phone address",
            string.Join(" ", customer.RootElement.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(Id, customer.RootElement.GetProperty("id").GetString());
    }

    private static string StackOutput(string key)
    {
        // Windows finds sam.cmd only by its whole name.
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "sam.cmd" : "sam")
        {
            ArgumentList = { "list", "stack-outputs", "--stack-name", Stack, "--output", "json" },
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
            .Single(output => output.GetProperty("OutputKey").GetString() == key)
            .GetProperty("OutputValue").GetString()!;
    }
{% if not v3 %}

    private sealed class FactOfTheDeployedStackAttribute : FactAttribute
    {
        public FactOfTheDeployedStackAttribute()
        {
            if (Stack.Length == 0)
            {
                Skip = "set AWS_SAM_STACK_NAME to test the deployed stack";
            }
        }
    }
{% endif %}
}
