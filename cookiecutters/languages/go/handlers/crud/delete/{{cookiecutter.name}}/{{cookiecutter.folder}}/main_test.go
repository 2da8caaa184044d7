package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// fakeClient answers with output and err, and keeps the last input.
type fakeClient struct {
	input  *dynamodb.DeleteItemInput
	output *dynamodb.DeleteItemOutput
	err    error
}

func (f *fakeClient) DeleteItem(
	_ context.Context, input *dynamodb.DeleteItemInput, _ ...func(*dynamodb.Options),
) (*dynamodb.DeleteItemOutput, error) {
	f.input = input
	return f.output, f.err
}

func TestSampleEvent(t *testing.T) {
	fake := &fakeClient{output: &dynamodb.DeleteItemOutput{}}

	check(t, fake, sampleEvent(t), events.APIGatewayV2HTTPResponse{StatusCode: 204})

	want := &dynamodb.DeleteItemInput{
		TableName:           aws.String("items"),
		Key:                 map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "pencil"}},
		ConditionExpression: aws.String("attribute_exists(id)"),
	}
	checkInput(t, fake.input, want)
}

func TestNoItem(t *testing.T) {
	// The SDK wraps what DynamoDB answers.
	fake := &fakeClient{err: fmt.Errorf("operation error: %w", &types.ConditionalCheckFailedException{})}

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

func TestError(t *testing.T) {
	checkError(t, &fakeClient{err: errors.New("throttled")}, sampleEvent(t), "delete item pencil: throttled")
}
