package main

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func message(id, text string) events.SNSEventRecord {
	return events.SNSEventRecord{SNS: events.SNSEntity{MessageID: id, Message: text}}
}

// invokeSample returns what the function answers to a sample event, as JSON.
func invokeSample(t *testing.T, name string) (string, error) {
	t.Helper()
	event, err := os.ReadFile("../{{ cookiecutter.events }}/" + name)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := lambda.NewHandler(handle).Invoke(t.Context(), event)
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
	logs := captureLogs(t)

	answer, err := invokeSample(t, "event.json")

	if answer != "null" || err != nil {
		t.Errorf("got %s and the error %v, want null and no error", answer, err)
	}
	want := `{"level":"INFO","msg":"warehouse notified","order_id":"1001","quantity":2}` + "\n"
	if got := logs.String(); got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

func TestBadSampleEvent(t *testing.T) {
	answer, err := invokeSample(t, "bad.json")

	if id := "2e1424d4-f796-459a-8184-9c92662be6da"; err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("got %s and the error %v, want an error with the id %s", answer, err, id)
	}
}

func TestSeveralMessages(t *testing.T) {
	logs := captureLogs(t)

	err := handle(t.Context(), events.SNSEvent{Records: []events.SNSEventRecord{
		message("first", `{"orderId": "1001", "quantity": 2}`),
		message("second", `{"orderId": "1002", "quantity": 0}`),
		message("third", `{"orderId": "1003", "quantity": 3}`),
	}})

	if want := "message second: quantity must be an integer from 1 to 2147483647"; err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
	want := `{"level":"INFO","msg":"warehouse notified","order_id":"1001","quantity":2}` + "\n"
	if got := logs.String(); got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

func TestValidOrders(t *testing.T) {
	for _, text := range []string{
		`{"orderId": "1001", "quantity": 1}`,
		`{"orderId": "1001", "quantity": 2147483647}`,
		`{"orderId": "1001", "quantity": 2, "note": "for Alice"}`,
	} {
		t.Run(text, func(t *testing.T) {
			err := handle(t.Context(), events.SNSEvent{Records: []events.SNSEventRecord{message("good", text)}})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestInvalidOrders(t *testing.T) {
	for _, text := range []string{
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
		t.Run(text, func(t *testing.T) {
			logs := captureLogs(t)

			err := handle(t.Context(), events.SNSEvent{Records: []events.SNSEventRecord{message("bad", text)}})

			if err == nil || !strings.HasPrefix(err.Error(), "message bad: ") {
				t.Errorf("got the error %v, want one about the message", err)
			}
			if logs.Len() > 0 {
				t.Errorf("logged %s, want nothing", logs)
			}
		})
	}
}
