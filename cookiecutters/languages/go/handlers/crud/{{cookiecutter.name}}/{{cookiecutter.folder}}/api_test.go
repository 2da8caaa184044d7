package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func sampleEvent(t *testing.T) string {
	t.Helper()
	event, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(event)
}

// call returns what the function answers to an event, which is JSON, when it finds the table with that client.
func call(t *testing.T, client client, event string) (events.APIGatewayV2HTTPResponse, error) {
	t.Helper()
	var request events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(event), &request); err != nil {
		t.Fatal(err)
	}
	return handler{client: client, table: "items"}.handle(t.Context(), request)
}

// check checks what call returns.
func check(t *testing.T, client client, event string, want events.APIGatewayV2HTTPResponse) {
	t.Helper()
	got, err := call(t, client, event)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// toJSON returns an input as JSON, since %+v would print the addresses of what it points to.
func toJSON(t *testing.T, input any) string {
	t.Helper()
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// checkInput checks what the table was asked for.
func checkInput(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("asked the table for %s, want %s", toJSON(t, got), toJSON(t, want))
	}
}

// checkError checks that call returns an error that begins with want.
func checkError(t *testing.T, client client, event, want string) {
	t.Helper()
	_, err := call(t, client, event)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got the error %v, want one that begins with %q", err, want)
	}
}

func refusal(status int, detail string) events.APIGatewayV2HTTPResponse {
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status,
		Headers:    map[string]string{"Content-Type": "application/problem+json"},
		Body:       fmt.Sprintf(`{"title":%q,"status":%d,"detail":%q}`, http.StatusText(status), status, detail),
	}
}

func TestIDs(t *testing.T) {
	for _, id := range []string{"1", "aZ09_-", strings.Repeat("a", 100)} {
		if !idText.MatchString(id) {
			t.Errorf("%q is no id", id)
		}
	}
	for _, id := range []string{"", "a b", "a/b", "é", "a\n", strings.Repeat("a", 101)} {
		if idText.MatchString(id) {
			t.Errorf("%q is an id", id)
		}
	}
}

func TestNoTable(t *testing.T) {
	t.Setenv("TABLE_NAME", "")

	_, err := newHandler(t.Context())

	if want := "the environment variable TABLE_NAME is not set"; err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
}
