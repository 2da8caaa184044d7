using System.Globalization;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

// Lambda reads the event and writes the response with this.
[assembly: LambdaSerializer(typeof(SourceGeneratorLambdaJsonSerializer<{{ cookiecutter.function_pascal }}.FunctionJsonContext>))]

namespace {{ cookiecutter.function_pascal }};

public class Function
{
    private static readonly string[] TimeFormats = { "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz" };

    /// <summary>
    /// Reports on the day before the scheduled time, in UTC. After an exception, Lambda runs the event again, and in
    /// the end sends it to the failure queue:
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    /// </summary>
    /// <exception cref="FormatException">The event has no scheduled time.</exception>
    public async Task<Response> FunctionHandler(Request request, ILambdaContext context)
    {
        var day = DayBefore(request.ScheduledTime);
        await MakeReportAsync(day, context);
        return new Response(Format(day));
    }

    /// <summary>
    /// Makes the report on a day: your own work goes here. Scheduler invokes the function at least once, and Lambda
    /// runs a failed event again, so the same day may come twice: make this idempotent, for example by storing the
    /// report under its day. Take the time from the day, not from the clock, which has gone on when a run is repeated.
    /// </summary>
    protected virtual Task MakeReportAsync(DateOnly day, ILambdaContext context)
    {
{% if cookiecutter.structured_logs %}
        // With JSON logs, what stands in braces becomes a field.
        context.Logger.LogInformation("report made: day={day}", Format(day));
{% else %}
        context.Logger.LogInformation($"report made: day={Format(day)}");
{% endif %}
        return Task.CompletedTask;
    }

    private static DateOnly DayBefore(string? scheduledTime)
    {
        // AssumeUniversal is for the format with a Z, which stands there as a letter only.
        if (!DateTimeOffset.TryParseExact(
                scheduledTime, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var due))
        {
            throw new FormatException($"scheduledTime must be a time such as 2026-03-01T02:00:00Z: {scheduledTime}");
        }

        return DateOnly.FromDateTime(due.UtcDateTime).AddDays(-1);
    }

    private static string Format(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>The Input of the schedule in template.yaml.</summary>
public record Request(string? ScheduledTime);

/// <summary>The day that was reported on, such as 2026-02-28.</summary>
public record Response(string Day);
