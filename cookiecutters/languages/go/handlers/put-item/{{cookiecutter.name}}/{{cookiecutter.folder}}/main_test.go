package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// fakeClient answers with output and err, and keeps the last input.
type fakeClient struct {
	input  *dynamodb.PutItemInput
	output *dynamodb.PutItemOutput
	err    error
}

func (f *fakeClient) PutItem(
	_ context.Context, input *dynamodb.PutItemInput, _ ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	f.input = input
	return f.output, f.err
}

func sampleEvent(t *testing.T) string {
	t.Helper()
	event, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(event)
}

// request returns an event that puts an item.
func request(id, body string) string {
	return `{"pathParameters": {"id": "` + id + `"}, "body": ` + strconv.Quote(body) + `}`
}

// call returns what the function answers to an event, which is JSON, when it finds the table with that client.
func call(t *testing.T, client client, event string) (events.APIGatewayProxyResponse, error) {
	t.Helper()
	var request events.APIGatewayProxyRequest
	if err := json.Unmarshal([]byte(event), &request); err != nil {
		t.Fatal(err)
	}
	return handler{client: client, table: "items"}.handle(t.Context(), request)
}

// check checks what the function answers to an event.
func check(t *testing.T, client client, event string, status int, contentType, body string) {
	t.Helper()
	got, err := call(t, client, event)
	if err != nil {
		t.Fatal(err)
	}
	want := events.APIGatewayProxyResponse{
		StatusCode: status,
		Headers:    map[string]string{"Content-Type": contentType},
		Body:       body,
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

func TestSampleEvent(t *testing.T) {
	fake := &fakeClient{output: &dynamodb.PutItemOutput{}}

	check(t, fake, sampleEvent(t), 201, "application/json", `{"id":"pencil","name":"Pencil","quantity":3}`)

	want := &dynamodb.PutItemInput{
		TableName: aws.String("items"),
		Item: map[string]types.AttributeValue{
			"id":       &types.AttributeValueMemberS{Value: "pencil"},
			"name":     &types.AttributeValueMemberS{Value: "Pencil"},
			"quantity": &types.AttributeValueMemberN{Value: "3"},
		},
		ConditionExpression: aws.String("attribute_not_exists(id)"),
	}
	if !reflect.DeepEqual(fake.input, want) {
		t.Errorf("asked the table for %s, want %s", toJSON(t, fake.input), toJSON(t, want))
	}
}

func TestConflict(t *testing.T) {
	// The SDK wraps what DynamoDB answers.
	fake := &fakeClient{err: fmt.Errorf("operation error: %w", &types.ConditionalCheckFailedException{})}

	check(t, fake, sampleEvent(t), 409, "application/problem+json",
		`{"title":"Conflict","status":409,"detail":"there is an item with this id already"}`)
}

func TestError(t *testing.T) {
	_, err := call(t, &fakeClient{err: errors.New("throttled")}, sampleEvent(t))

	if want := "put item pencil: throttled"; err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
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

func TestValidItems(t *testing.T) {
	longName := strings.Repeat("é", 100)
	for _, test := range []struct{ name, id, body, want string }{
		{"longest name", "1", `{"name": "` + longName + `", "quantity": 3}`,
			`{"id":"1","name":"` + longName + `","quantity":3}`},
		{"no quantity left", "1", `{"name": "a", "quantity": 0}`, `{"id":"1","name":"a","quantity":0}`},
		{"greatest quantity", "1", `{"name": "a", "quantity": 2147483647}`, `{"id":"1","name":"a","quantity":2147483647}`},
		{"other keys", "1", `{"name": "a", "quantity": 3, "id": "2", "Name": "b"}`, `{"id":"1","name":"a","quantity":3}`},
		{"longest body", "1", fmt.Sprintf("%-1024s", `{"name": "a", "quantity": 3}`), `{"id":"1","name":"a","quantity":3}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			fake := &fakeClient{output: &dynamodb.PutItemOutput{}}

			check(t, fake, request(test.id, test.body), 201, "application/json", test.want)
		})
	}
}

func TestInvalidRequests(t *testing.T) {
	const (
		id       = "id must have 1 to 100 letters, digits, hyphens or underscores"
		body     = "the body must be a JSON object"
		name     = "name must be a string of 1 to 100 characters"
		quantity = "quantity must be an integer from 0 to 2147483647"
	)
	for _, test := range []struct{ event, detail string }{
		{`{"pathParameters": null, "body": null}`, id},
		{request("", `this is not JSON`), id},
		{request("a b", strings.Repeat("a", 1025)), id},
		{request(strings.Repeat("a", 101), `{}`), id},
		{`{"pathParameters": {"id": "1"}, "body": null}`, body},
		{request("1", ``), body},
		{request("1", `this is not JSON`), body},
		{request("1", `[]`), body},
		{request("1", `null`), body},
		{request("1", `{"name": "Pencil", "quantity": 3} {}`), body},
		{request("1", `{"quantity": 3}`), name},
		{request("1", `{"Name": "Pencil", "quantity": 3}`), name},
		{request("1", `{"name": null, "quantity": 3}`), name},
		{request("1", `{"name": 5, "quantity": 3}`), name},
		{request("1", `{"name": "\ud800", "quantity": 3}`), name},
		{request("1", `{"name": "", "quantity": -1}`), name},
		{request("1", `{"name": "`+strings.Repeat("a", 101)+`", "quantity": 3}`), name},
		{request("1", `{"name": "Pencil"}`), quantity},
		{request("1", `{"name": "Pencil", "quantity": null}`), quantity},
		{request("1", `{"name": "Pencil", "quantity": true}`), quantity},
		{request("1", `{"name": "Pencil", "quantity": "3"}`), quantity},
		{request("1", `{"name": "Pencil", "quantity": 1.5}`), quantity},
		{request("1", `{"name": "Pencil", "quantity": -1}`), quantity},
		{request("1", `{"name": "Pencil", "quantity": 2147483648}`), quantity},
	} {
		t.Run(test.event, func(t *testing.T) {
			fake := &fakeClient{}

			check(t, fake, test.event, 400, "application/problem+json",
				`{"title":"Bad Request","status":400,"detail":"`+test.detail+`"}`)

			if fake.input != nil {
				t.Errorf("asked the table for %s", toJSON(t, fake.input))
			}
		})
	}
}

func TestLargeBodies(t *testing.T) {
	for name, body := range map[string]string{
		"one byte more": fmt.Sprintf("%-1025s", `{"name": "a", "quantity": 3}`),
		"fewer runes":   strings.Repeat("é", 513),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, &fakeClient{}, request("1", body), 413, "application/problem+json",
				`{"title":"Content Too Large","status":413,"detail":"the body must not have more than 1024 bytes"}`)
		})
	}
}

func TestNoTable(t *testing.T) {
	t.Setenv("TABLE_NAME", "")

	_, err := newHandler(t.Context())

	if want := "the environment variable TABLE_NAME is not set"; err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
}
