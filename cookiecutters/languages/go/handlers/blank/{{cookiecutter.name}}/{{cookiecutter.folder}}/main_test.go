package main

import (
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// greet returns what the function answers to an event, both as JSON.
func greet(t *testing.T, event string) string {
	t.Helper()
	answer, err := lambda.NewHandler(handle).Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestSampleEvent(t *testing.T) {
	event, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}

	got := greet(t, string(event))

	if want := `{"message":"hello Ada"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNoName(t *testing.T) {
	for _, event := range []string{`{}`, `{"name": ""}`, `{"name": null}`} {
		t.Run(event, func(t *testing.T) {
			got := greet(t, event)

			if want := `{"message":"hello world"}`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
