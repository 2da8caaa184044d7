package main

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// check checks what the handler answers to an event, which is JSON.
func check(t *testing.T, event string, want events.LambdaFunctionURLResponse) {
	t.Helper()
	var request events.LambdaFunctionURLRequest
	if err := json.Unmarshal([]byte(event), &request); err != nil {
		t.Fatal(err)
	}
	got, err := handle(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// request returns an event with little more than what the handler reads of it.
func request(method, path, query string) string {
	http := `{"method": "` + method + `", "path": "` + path + `"}`
	return `{"rawPath": "` + path + `", "requestContext": {"http": ` + http + `}, "queryStringParameters": ` + query + `}`
}

func TestSampleEvent(t *testing.T) {
	event, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}

	check(t, string(event), events.LambdaFunctionURLResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"message":"hello Ada"}`,
	})
}

func TestNoName(t *testing.T) {
	for _, event := range []string{
		`{"rawPath": "/", "requestContext": {"http": {"method": "GET", "path": "/"}}}`,
		request("GET", "/", `null`),
		request("GET", "/", `{}`),
		request("GET", "/", `{"name": ""}`),
	} {
		t.Run(event, func(t *testing.T) {
			check(t, event, events.LambdaFunctionURLResponse{
				StatusCode: 200,
				Headers:    map[string]string{"Content-Type": "application/json"},
				Body:       `{"message":"hello world"}`,
			})
		})
	}
}

func TestNameIsEscaped(t *testing.T) {
	check(t, request("GET", "/", `{"name": "\"Ada\""}`), events.LambdaFunctionURLResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"message":"hello \"Ada\""}`,
	})
}

func TestOtherPaths(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		t.Run(method, func(t *testing.T) {
			check(t, request(method, "/other", `{"name": "Ada"}`), events.LambdaFunctionURLResponse{
				StatusCode: 404,
				Headers:    map[string]string{"Content-Type": "application/problem+json"},
				Body:       `{"title":"Not Found","status":404,"detail":"there is nothing at /other"}`,
			})
		})
	}
}

func TestOtherMethods(t *testing.T) {
	for _, method := range []string{"POST", "HEAD", "OPTIONS"} {
		t.Run(method, func(t *testing.T) {
			check(t, request(method, "/", `{"name": "Ada"}`), events.LambdaFunctionURLResponse{
				StatusCode: 405,
				Headers:    map[string]string{"Content-Type": "application/problem+json", "Allow": "GET"},
				Body:       `{"title":"Method Not Allowed","status":405,"detail":"use GET"}`,
			})
		})
	}
}
