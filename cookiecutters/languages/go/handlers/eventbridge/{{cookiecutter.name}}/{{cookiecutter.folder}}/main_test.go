package main

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// invoke returns what the function answers to an event, both as JSON.
func invoke(t *testing.T, event string) (string, error) {
	t.Helper()
	answer, err := lambda.NewHandler(handle).Invoke(t.Context(), []byte(event))
	return string(answer), err
}

func sampleEvent(t *testing.T, name string) string {
	t.Helper()
	event, err := os.ReadFile("../{{ cookiecutter.events }}/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(event)
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

	answer, err := invoke(t, sampleEvent(t, "event.json"))

	if answer != "null" || err != nil {
		t.Errorf("got %s and the error %v, want null and no error", answer, err)
	}
	want := `{"level":"INFO","msg":"order shipped","order_id":"1001","quantity":2}` + "\n"
	if got := logs.String(); got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
}

func TestBadSampleEvent(t *testing.T) {
	_, err := invoke(t, sampleEvent(t, "bad.json"))

	want := "event 8d3c1f0e-54a2-4f6b-9f57-2a0f6c9b7e11: quantity must be an integer from 1 to 2147483647"
	if err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
}

func TestNoDetail(t *testing.T) {
	_, err := invoke(t, `{"id": "bad", "detail-type": "Order Placed"}`)

	if err == nil || !strings.HasPrefix(err.Error(), "event bad: ") {
		t.Errorf("got the error %v, want one about the event", err)
	}
}

func TestValidOrders(t *testing.T) {
	for _, detail := range []string{
		`{"orderId": "1001", "quantity": 1}`,
		`{"orderId": "1001", "quantity": 2147483647}`,
		`{"orderId": "1001", "quantity": 2, "note": "for Alice"}`,
	} {
		t.Run(detail, func(t *testing.T) {
			if _, err := invoke(t, `{"id": "good", "detail-type": "Order Placed", "detail": `+detail+`}`); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestInvalidOrders(t *testing.T) {
	for _, detail := range []string{
		`[]`,
		`null`,
		`{}`,
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
	} {
		t.Run(detail, func(t *testing.T) {
			logs := captureLogs(t)

			_, err := invoke(t, `{"id": "bad", "detail-type": "Order Placed", "detail": `+detail+`}`)

			if err == nil || !strings.HasPrefix(err.Error(), "event bad: ") {
				t.Errorf("got the error %v, want one about the event", err)
			}
			if logs.Len() > 0 {
				t.Errorf("logged %s, want nothing", logs)
			}
		})
	}
}
