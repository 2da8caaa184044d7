using Microsoft.AspNetCore.Http.HttpResults;
using {{ cookiecutter.function_pascal }};

const int MaxNameLength = 100;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls("http://0.0.0.0:8000");
builder.Services.ConfigureHttpJsonOptions(options =>
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, AppJsonContext.Default));

var app = builder.Build();

// Returns 200 once requests can be served; the Lambda Web Adapter and load balancers check this.
app.MapGet("/health", () => TypedResults.Ok());

app.MapGet("/greetings/{name}", Results<Ok<GreetingResponse>, ProblemHttpResult> (string name) =>
    // An emoji takes two of .NET's chars.
    name.EnumerateRunes().Count() > MaxNameLength
        ? TypedResults.Problem(
            $"name must have at most {MaxNameLength} characters", statusCode: StatusCodes.Status400BadRequest)
        : TypedResults.Ok(new GreetingResponse($"hello {name}")));

app.Run();
{% if cookiecutter.framework in ("net8.0", "net9.0") %}

// For the tests
public partial class Program;
{% endif %}
