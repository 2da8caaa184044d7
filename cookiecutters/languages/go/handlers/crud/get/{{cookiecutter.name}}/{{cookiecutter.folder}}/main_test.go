package main

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// fakeClient answers with output and err, and keeps the last input.
type fakeClient struct {
	input  *dynamodb.GetItemInput
	output *dynamodb.GetItemOutput
	err    error
}

func (f *fakeClient) GetItem(
	_ context.Context, input *dynamodb.GetItemInput, _ ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	f.input = input
	return f.output, f.err
}

var pencil = map[string]types.AttributeValue{
	"id":       &types.AttributeValueMemberS{Value: "pencil"},
	"name":     &types.AttributeValueMemberS{Value: "Pencil"},
	"quantity": &types.AttributeValueMemberN{Value: "3"},
	"version":  &types.AttributeValueMemberN{Value: "1"},
}

func TestSampleEvent(t *testing.T) {
	fake := &fakeClient{output: &dynamodb.GetItemOutput{Item: pencil}}

	check(t, fake, sampleEvent(t), events.APIGatewayV2HTTPResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"id":"pencil","name":"Pencil","quantity":3,"version":1}`,
	})

	want := &dynamodb.GetItemInput{
		TableName:      aws.String("items"),
		Key:            map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "pencil"}},
		ConsistentRead: aws.Bool(true),
	}
	checkInput(t, fake.input, want)
}

func TestNoItem(t *testing.T) {
	fake := &fakeClient{output: &dynamodb.GetItemOutput{}}

	check(t, fake, sampleEvent(t), refusal(404, "there is no item with this id"))
}

func TestInvalidID(t *testing.T) {
	for _, event := range []string{`{}`, `{"pathParameters": {"id": ""}}`, `{"pathParameters": {"id": "a b"}}`} {
		t.Run(event, func(t *testing.T) {
			fake := &fakeClient{}

			check(t, fake, event, refusal(400, "id must have 1 to 100 letters, digits, hyphens or underscores"))

			if fake.input != nil {
				t.Errorf("asked the table for %s", toJSON(t, fake.input))
			}
		})
	}
}

func TestErrors(t *testing.T) {
	checkError(t, &fakeClient{err: errors.New("throttled")}, sampleEvent(t), "get item pencil: throttled")

	broken := &dynamodb.GetItemOutput{Item: map[string]types.AttributeValue{
		"id":       &types.AttributeValueMemberS{Value: "pencil"},
		"quantity": &types.AttributeValueMemberN{Value: "1.5"},
	}}
	checkError(t, &fakeClient{output: broken}, sampleEvent(t), "read item pencil: ")
}
