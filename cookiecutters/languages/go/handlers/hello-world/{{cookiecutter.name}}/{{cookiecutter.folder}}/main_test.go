package main

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestGreets(t *testing.T) {
	file, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayProxyRequest
	if err := json.Unmarshal(file, &event); err != nil {
		t.Fatal(err)
	}

	got, err := handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}

	want := events.APIGatewayProxyResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"message":"hello world"}`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("handle() = %+v, want %+v", got, want)
	}
}
