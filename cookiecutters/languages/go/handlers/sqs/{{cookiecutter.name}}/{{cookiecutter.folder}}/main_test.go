package main

import (
	"encoding/json"
	"os"
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

func TestSampleEvent(t *testing.T) {
	file, err := os.ReadFile("../events/{{ cookiecutter.folder }}/event.json")
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

func TestNoFailures(t *testing.T) {
	got := answer(t, events.SQSEvent{Records: []events.SQSMessage{
		message("first", `{"orderId": "1001", "quantity": 1}`),
		message("second", `{"orderId": "1002", "quantity": 20}`),
	}})

	if want := `{"batchItemFailures":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestInvalidOrders(t *testing.T) {
	for name, body := range map[string]string{
		"no order":             `[]`,
		"null":                 `null`,
		"nothing":              `{}`,
		"no orderId":           `{"quantity": 1}`,
		"empty orderId":        `{"orderId": "", "quantity": 1}`,
		"orderId of a number":  `{"orderId": 1001, "quantity": 1}`,
		"no quantity":          `{"orderId": "1001"}`,
		"quantity of zero":     `{"orderId": "1001", "quantity": 0}`,
		"quantity of a half":   `{"orderId": "1001", "quantity": 0.5}`,
		"quantity of a string": `{"orderId": "1001", "quantity": "1"}`,
	} {
		t.Run(name, func(t *testing.T) {
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
