package main

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// invoke returns what the function answers to an event, both as JSON.
func invoke(t *testing.T, event string) (string, error) {
	t.Helper()
	answer, err := lambda.NewHandler(handle).Invoke(t.Context(), []byte(event))
	return string(answer), err
}

// captureLogs returns what collects the test's log lines, as JSON without their time.
func captureLogs(t *testing.T) *bytes.Buffer {
	t.Helper()
	var logs bytes.Buffer
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	slog.SetDefault(slog.New(slog.NewJSONHandler(&logs, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
			if attr.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return attr
		},
	})))
	return &logs
}

func TestSampleEvent(t *testing.T) {
	event, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	logs := captureLogs(t)

	got, err := invoke(t, string(event))
	if err != nil {
		t.Fatal(err)
	}

	if want := `{"day":"2026-02-28"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := logs.String(), `{"level":"INFO","msg":"report made","day":"2026-02-28"}`+"\n"; got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

func TestDayBefore(t *testing.T) {
	for scheduledTime, want := range map[string]string{
		"2024-03-01T00:00:00Z":      "2024-02-29T00:00:00Z",
		"2026-01-01T23:59:59Z":      "2025-12-31T00:00:00Z",
		"2026-03-02T01:00:00+02:00": "2026-02-28T00:00:00Z",
		"2026-02-28T23:00:00-02:00": "2026-02-28T00:00:00Z",
	} {
		t.Run(scheduledTime, func(t *testing.T) {
			day, err := parseDay(scheduledTime)
			if err != nil {
				t.Fatal(err)
			}

			if got := day.Format(time.RFC3339); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestNoScheduledTime(t *testing.T) {
	for _, event := range []string{
		`{}`,
		`{"scheduledTime": null}`,
		`{"scheduledTime": ""}`,
		`{"scheduledTime": "tomorrow"}`,
		`{"scheduledTime": "2026-03-01"}`,
		`{"scheduledTime": "2026-02-30T02:00:00Z"}`,
		`{"scheduledTime": "<aws.scheduler.scheduled-time>"}`,
		`{"scheduledTime": 1772330400}`,
	} {
		t.Run(event, func(t *testing.T) {
			logs := captureLogs(t)

			answer, err := invoke(t, event)

			if err == nil || !strings.Contains(err.Error(), "scheduledTime") {
				t.Errorf("got %s and the error %v, want an error about scheduledTime", answer, err)
			}
			if logs.Len() > 0 {
				t.Errorf("logged %s, want no report", logs)
			}
		})
	}
}
