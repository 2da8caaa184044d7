// Command {{ cookiecutter.function }} reports on the day before the time that it was due.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// request is the Input of the schedule in template.yaml.
type request struct {
	ScheduledTime string `json:"scheduledTime"`
}

type response struct {
	Day string `json:"day"`
}

// parseDay returns the start of the day before a scheduled time, in UTC.
func parseDay(scheduledTime string) (time.Time, error) {
	due, err := time.Parse(time.RFC3339, scheduledTime)
	if err != nil {
		return time.Time{}, fmt.Errorf("scheduledTime must be a time such as 2026-03-01T02:00:00Z: %w", err)
	}
	due = due.UTC()
	return time.Date(due.Year(), due.Month(), due.Day()-1, 0, 0, 0, 0, time.UTC), nil
}

// makeReport is the place for your own work. Scheduler invokes the function at least once, and Lambda runs a failed
// event again, so the same day may come twice: make this idempotent, for example by storing the report under its day.
// Take the time from day and not from the clock, which has gone on when a run is repeated.
func makeReport(ctx context.Context, day time.Time) error {
	slog.InfoContext(ctx, "report made", "day", day.Format(time.DateOnly))
	return nil
}

// handle answers with the day that it reported on. After an error, Lambda runs the event again, and in the end sends it
// to the failure queue:
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func handle(ctx context.Context, r request) (response, error) {
	day, err := parseDay(r.ScheduledTime)
	if err != nil {
		return response{}, err
	}
	if err := makeReport(ctx, day); err != nil {
		return response{}, fmt.Errorf("report on %s: %w", day.Format(time.DateOnly), err)
	}
	return response{Day: day.Format(time.DateOnly)}, nil
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	// aws-lambda-go logs the errors that handle returns with log.Printf, which would be at level INFO.
	slog.SetLogLoggerLevel(slog.LevelError)
	lambda.Start(handle)
}
