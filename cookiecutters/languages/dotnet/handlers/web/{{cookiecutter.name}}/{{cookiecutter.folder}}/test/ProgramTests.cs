using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace {{ cookiecutter.function_pascal }}.Tests;

public class ProgramTests(WebApplicationFactory<Program> factory) : IClassFixture<WebApplicationFactory<Program>>
{
    private readonly HttpClient _client = factory.CreateClient();

    public static TheoryData<string> Names => new()
    {
        "Ada",
        "Zoë",
        "a b",
        new string('x', 100),
        string.Concat(Enumerable.Repeat("😀", 100)),
    };

    [Fact]
    public async Task TheSampleEventAsksForAGreeting()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "event.json"));
        using var request = JsonDocument.Parse(file);

        using var response = await Get(request.RootElement.GetProperty("rawPath").GetString()!);

        await AssertGreets("Ada", response);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Greets(string name)
    {
        using var response = await Get($"/greetings/{Uri.EscapeDataString(name)}");

        await AssertGreets(name, response);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("😀")]
    public async Task RefusesALongName(string letter)
    {
        var name = string.Concat(Enumerable.Repeat(letter, 101));

        using var response = await Get($"/greetings/{Uri.EscapeDataString(name)}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = await Read(response);
        Assert.Equal(
            "name must have at most 100 characters", problem.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/greetings")]
    [InlineData("/greetings/")]
    [InlineData("/greetings/a/b")]
    public async Task KnowsNoOtherPath(string path)
    {
        using var response = await Get(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task IsHealthy()
    {
        using var response = await Get("/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> Get(string path) =>
        _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private static async Task<JsonDocument> Read(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    private static async Task AssertGreets(string name, HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var greeting = await Read(response);
        var message = Assert.Single(greeting.RootElement.EnumerateObject());
        Assert.Equal("message", message.Name);
        Assert.Equal($"hello {name}", message.Value.GetString());
    }
}
