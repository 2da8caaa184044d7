package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// answer returns what Lambda gets for an event, as JSON.
func answer(t *testing.T, event events.SQSEvent) string {
	t.Helper()
	response, err := handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func message(id, body string) events.SQSMessage {
	return events.SQSMessage{MessageId: id, Body: body}
}

// logLines returns what is logged while run runs.
func logLines(t *testing.T, run func()) []map[string]any {
	t.Helper()
	var text bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(slog.NewJSONHandler(&text, nil)))
	run()

	var lines []map[string]any
	for line := range bytes.Lines(text.Bytes()) {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		delete(fields, slog.TimeKey)
		lines = append(lines, fields)
	}
	return lines
}

func TestSampleEvent(t *testing.T) {
	file, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.SQSEvent
	if err := json.Unmarshal(file, &event); err != nil {
		t.Fatal(err)
	}

	got := answer(t, event)

	want := `{"batchItemFailures":[{"itemIdentifier":"2e1424d4-f796-459a-8184-9c92662be6da"}]}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestValidOrders(t *testing.T) {
	for _, body := range []string{
		`{"orderId": "1001", "quantity": 1}`,
		`{"orderId": "1001", "quantity": 2147483647}`,
		`{"orderId": "1001", "quantity": 2, "note": "for Alice"}`,
	} {
		t.Run(body, func(t *testing.T) {
			got := answer(t, events.SQSEvent{Records: []events.SQSMessage{message("good", body)}})

			if want := `{"batchItemFailures":[]}`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestInvalidOrders(t *testing.T) {
	for _, body := range []string{
		`[]`,
		`null`,
		`{}`,
		`this is not an order`,
		`{"quantity": 2}`,
		`{"orderId": "", "quantity": 2}`,
		`{"orderId": 1001, "quantity": 2}`,
		`{"orderId": "\ud800", "quantity": 2}`,
		`{"orderId": "1001"}`,
		`{"orderId": "1001", "quantity": 0}`,
		`{"orderId": "1001", "quantity": -1}`,
		`{"orderId": "1001", "quantity": 1.5}`,
		`{"orderId": "1001", "quantity": 2.0}`,
		`{"orderId": "1001", "quantity": 2e0}`,
		`{"orderId": "1001", "quantity": "2"}`,
		`{"orderId": "1001", "quantity": true}`,
		`{"orderId": "1001", "quantity": null}`,
		`{"orderId": "1001", "quantity": 2147483648}`,
		`{"orderId": "1001", "quantity": 99999999999999999999}`,
		`{"orderid": "1001", "quantity": 2}`,
		`{"OrderId": "1001", "Quantity": 2}`,
		`{"orderId": "1001", "quantity": 2} {}`,
	} {
		t.Run(body, func(t *testing.T) {
			got := answer(t, events.SQSEvent{Records: []events.SQSMessage{
				message("bad", body),
				message("good", `{"orderId": "1001", "quantity": 2}`),
				message("bad as well", body),
			}})

			want := `{"batchItemFailures":[{"itemIdentifier":"bad"},{"itemIdentifier":"bad as well"}]}`
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestLogs(t *testing.T) {
	lines := logLines(t, func() {
		answer(t, events.SQSEvent{Records: []events.SQSMessage{
			message("bad", `{"orderId": "", "quantity": 2}`),
			message("good", `{"orderId": "1001", "quantity": 2}`),
		}})
	})

	got, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"error":"orderId must be a string that is not empty",` +
		`"level":"ERROR","message_id":"bad","msg":"message failed"},` +
		`{"level":"INFO","msg":"order processed","order_id":"1001","quantity":2}]`
	if string(got) != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

// panicOnce panics at the first order that is processed, as the work in process might, and logs everything else.
type panicOnce struct {
	slog.Handler
	done bool
}

func (p *panicOnce) Handle(ctx context.Context, record slog.Record) error {
	if record.Message == "order processed" && !p.done {
		p.done = true
		panic("assignment to entry in nil map")
	}
	return p.Handler.Handle(ctx, record)
}

func TestPanics(t *testing.T) {
	order := `{"orderId": "1001", "quantity": 2}`
	var got string
	lines := logLines(t, func() {
		slog.SetDefault(slog.New(&panicOnce{Handler: slog.Default().Handler()}))
		got = answer(t, events.SQSEvent{Records: []events.SQSMessage{message("bad", order), message("good", order)}})
	})

	if want := `{"batchItemFailures":[{"itemIdentifier":"bad"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(lines) != 2 || lines[0]["message_id"] != "bad" || lines[1]["msg"] != "order processed" {
		t.Fatalf("logged %v", lines)
	}
	cause, _ := lines[0]["error"].(string)
	if !strings.HasPrefix(cause, "panic: assignment to entry in nil map\n") || !strings.Contains(cause, "main.go:") {
		t.Errorf("logged %q as the error, want the panic and its stack", cause)
	}
}
