package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
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

// errCondition is how the SDK returns DynamoDB's answer, wrapped in an error of its own.
var errCondition = fmt.Errorf("operation error: %w", &types.ConditionalCheckFailedException{})

// request returns an event that puts the pencil.
func request(body string) string {
	return `{"pathParameters": {"id": "pencil"}, "body": ` + strconv.Quote(body) + `}`
}

// encoded returns the same with the body in base64.
func encoded(body string) string {
	text := base64.StdEncoding.EncodeToString([]byte(body))
	return `{"pathParameters": {"id": "pencil"}, "isBase64Encoded": true, "body": "` + text + `"}`
}

func success(status int, body string) events.APIGatewayV2HTTPResponse {
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       body,
	}
}

func pencil(version string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"id":       &types.AttributeValueMemberS{Value: "pencil"},
		"name":     &types.AttributeValueMemberS{Value: "Pencil"},
		"quantity": &types.AttributeValueMemberN{Value: "3"},
		"version":  &types.AttributeValueMemberN{Value: version},
	}
}

func TestSampleEvent(t *testing.T) {
	fake := &fakeClient{output: &dynamodb.PutItemOutput{}}

	check(t, fake, sampleEvent(t), success(201, `{"id":"pencil","name":"Pencil","quantity":3,"version":1}`))

	checkInput(t, fake.input, &dynamodb.PutItemInput{
		TableName:           aws.String("items"),
		Item:                pencil("1"),
		ConditionExpression: aws.String("attribute_not_exists(id)"),
	})
}

func TestNewVersion(t *testing.T) {
	for version, next := range map[string]string{"1": "2", "2147483647": "2147483648"} {
		t.Run(version, func(t *testing.T) {
			fake := &fakeClient{output: &dynamodb.PutItemOutput{}}
			event := request(`{"name": "Pencil", "quantity": 3, "version": ` + version + `}`)

			check(t, fake, event, success(200, `{"id":"pencil","name":"Pencil","quantity":3,"version":`+next+`}`))

			checkInput(t, fake.input, &dynamodb.PutItemInput{
				TableName:           aws.String("items"),
				Item:                pencil(next),
				ConditionExpression: aws.String("version = :version"),
				ExpressionAttributeValues: map[string]types.AttributeValue{
					":version": &types.AttributeValueMemberN{Value: version},
				},
			})
		})
	}
}

func TestConflicts(t *testing.T) {
	fake := &fakeClient{err: errCondition}

	check(t, fake, sampleEvent(t),
		refusal(409, "there is an item with this id already; send its version to replace it"))
	check(t, fake, request(`{"name": "Pencil", "quantity": 3, "version": 7}`),
		refusal(409, "the item does not have this version any more"))
}

func TestError(t *testing.T) {
	checkError(t, &fakeClient{err: errors.New("throttled")}, sampleEvent(t), "put item pencil: throttled")
}

func TestValidBodies(t *testing.T) {
	long := strings.Repeat("é", 100)
	for _, test := range []struct{ name, event, want string }{
		{"base64", encoded(`{"name": "é", "quantity": 3}`), `{"id":"pencil","name":"é","quantity":3,"version":1}`},
		{"no quantity left", request(`{"name": "a", "quantity": 0}`), `{"id":"pencil","name":"a","quantity":0,"version":1}`},
		{"greatest quantity", request(`{"name": "a", "quantity": 2147483647}`),
			`{"id":"pencil","name":"a","quantity":2147483647,"version":1}`},
		{"longest name", request(`{"name": "` + long + `", "quantity": 3}`),
			`{"id":"pencil","name":"` + long + `","quantity":3,"version":1}`},
		{"other keys", request(`{"name": "a", "quantity": 3, "id": "pen", "Version": 7}`),
			`{"id":"pencil","name":"a","quantity":3,"version":1}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			check(t, &fakeClient{output: &dynamodb.PutItemOutput{}}, test.event, success(201, test.want))
		})
	}
}

func TestInvalidRequests(t *testing.T) {
	const (
		id       = "id must have 1 to 100 letters, digits, hyphens or underscores"
		body     = "the body must be a JSON object"
		name     = "name must be a string of 1 to 100 characters"
		quantity = "quantity must be an integer from 0 to 2147483647"
		version  = "version must be an integer from 1 to 2147483647"
	)
	for _, test := range []struct{ event, detail string }{
		{`{"body": "this is not JSON"}`, id},
		{`{"pathParameters": {"id": "a b"}, "body": "{}"}`, id},
		{`{"pathParameters": {"id": "pencil"}}`, body},
		{`{"pathParameters": {"id": "pencil"}, "body": null}`, body},
		{request(``), body},
		{request(`this is not JSON`), body},
		{request(`[]`), body},
		{request(`null`), body},
		{request(`{"name": "Pencil", "quantity": 3} {}`), body},
		{encoded("{\"name\": \"\xff\", \"quantity\": 3}"), body},
		{`{"pathParameters": {"id": "pencil"}, "isBase64Encoded": true, "body": "!"}`, body},
		{request(`{"quantity": 3}`), name},
		{request(`{"Name": "Pencil", "quantity": 3}`), name},
		{request(`{"name": null, "quantity": 3}`), name},
		{request(`{"name": 5, "quantity": 3}`), name},
		{request(`{"name": "\ud800", "quantity": 3}`), name},
		{request(`{"name": "", "quantity": -1}`), name},
		{request(`{"name": "` + strings.Repeat("a", 101) + `", "quantity": 3}`), name},
		{request(`{"name": "Pencil"}`), quantity},
		{request(`{"name": "Pencil", "quantity": null}`), quantity},
		{request(`{"name": "Pencil", "quantity": true}`), quantity},
		{request(`{"name": "Pencil", "quantity": "3"}`), quantity},
		{request(`{"name": "Pencil", "quantity": 1.5}`), quantity},
		{request(`{"name": "Pencil", "quantity": -1, "version": 0}`), quantity},
		{request(`{"name": "Pencil", "quantity": 2147483648}`), quantity},
		{request(`{"name": "Pencil", "quantity": 3, "version": null}`), version},
		{request(`{"name": "Pencil", "quantity": 3, "version": true}`), version},
		{request(`{"name": "Pencil", "quantity": 3, "version": "1"}`), version},
		{request(`{"name": "Pencil", "quantity": 3, "version": 1.5}`), version},
		{request(`{"name": "Pencil", "quantity": 3, "version": 0}`), version},
		{request(`{"name": "Pencil", "quantity": 3, "version": 2147483648}`), version},
	} {
		t.Run(test.event, func(t *testing.T) {
			fake := &fakeClient{}

			check(t, fake, test.event, refusal(400, test.detail))

			if fake.input != nil {
				t.Errorf("asked the table for %s", toJSON(t, fake.input))
			}
		})
	}
}
