package main

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/brianvoe/gofakeit/v7"
)

const seed = 20

// answer returns what the handler gives for the sample event.
func answer(t *testing.T, h handler) events.APIGatewayProxyResponse {
	t.Helper()
	file, err := os.ReadFile("../events/{{ cookiecutter.folder }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayProxyRequest
	if err := json.Unmarshal(file, &event); err != nil {
		t.Fatal(err)
	}
	response, err := h.handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestSeedDecidesTheCustomer(t *testing.T) {
	h := handler{faker: gofakeit.New(seed)}
	body, err := json.Marshal(makeCustomer(gofakeit.New(seed)))
	if err != nil {
		t.Fatal(err)
	}

	got := answer(t, h)

	want := events.APIGatewayProxyResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       string(body),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("handle() = %+v, want %+v", got, want)
	}
	if again := answer(t, h); again.Body == got.Body {
		t.Errorf("two calls gave the same customer: %s", got.Body)
	}
}

func TestShapeOfACustomer(t *testing.T) {
	body := answer(t, handler{faker: gofakeit.New(seed)}).Body

	quoted := `"(?:[^"\\]|\\.)+"`
	shape := regexp.MustCompile(strings.Join([]string{
		`^{"id":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"`,
		`"name":` + quoted,
		`"email":"[^"@]+@[^"@]+"`,
		`"phone":` + quoted,
		`"address":{"street":` + quoted,
		`"city":` + quoted,
		`"postcode":` + quoted,
		`"country":` + quoted + `}}$`,
	}, ","))
	if !shape.MatchString(body) {
		t.Errorf("got %s, want something like %s", body, shape)
	}
}
