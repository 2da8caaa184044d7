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
	input  *dynamodb.ScanInput
	output *dynamodb.ScanOutput
	err    error
}

func (f *fakeClient) Scan(
	_ context.Context, input *dynamodb.ScanInput, _ ...func(*dynamodb.Options),
) (*dynamodb.ScanOutput, error) {
	f.input = input
	return f.output, f.err
}

var pencil = map[string]types.AttributeValue{
	"id":       &types.AttributeValueMemberS{Value: "pencil"},
	"name":     &types.AttributeValueMemberS{Value: "Pencil"},
	"quantity": &types.AttributeValueMemberN{Value: "3"},
	"version":  &types.AttributeValueMemberN{Value: "1"},
}

func key(id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}}
}

func success(body string) events.APIGatewayV2HTTPResponse {
	return events.APIGatewayV2HTTPResponse{
		StatusCode: 200,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       body,
	}
}

func TestSampleEvent(t *testing.T) {
	fake := &fakeClient{output: &dynamodb.ScanOutput{
		Items:            []map[string]types.AttributeValue{pencil},
		LastEvaluatedKey: key("pencil"),
	}}

	check(t, fake, sampleEvent(t), success(
		`{"items":[{"id":"pencil","name":"Pencil","quantity":3,"version":1}],"next":"cGVuY2ls"}`,
	))

	want := &dynamodb.ScanInput{TableName: aws.String("items"), Limit: aws.Int32(2)}
	checkInput(t, fake.input, want)
}

func TestPages(t *testing.T) {
	for query, want := range map[string]*dynamodb.ScanInput{
		`null`:                 {Limit: aws.Int32(25)},
		`{"limit": "1"}`:       {Limit: aws.Int32(1)},
		`{"limit": "100"}`:     {Limit: aws.Int32(100)},
		`{"next": "cGVuY2ls"}`: {Limit: aws.Int32(25), ExclusiveStartKey: key("pencil")},
		`{"next": "LV8"}`:      {Limit: aws.Int32(25), ExclusiveStartKey: key("-_")},
	} {
		t.Run(query, func(t *testing.T) {
			fake := &fakeClient{output: &dynamodb.ScanOutput{}}

			check(t, fake, `{"queryStringParameters": `+query+`}`, success(`{"items":[],"next":null}`))

			want.TableName = aws.String("items")
			checkInput(t, fake.input, want)
		})
	}
}

func TestInvalidLimit(t *testing.T) {
	for _, limit := range []string{"", "0", "-1", "+1", "101", "1.5", "1,2", "ten", "4294967297"} {
		t.Run(limit, func(t *testing.T) {
			event := `{"queryStringParameters": {"limit": "` + limit + `"}}`

			check(t, &fakeClient{}, event, refusal(400, "limit must be an integer from 1 to 100"))
		})
	}
}

func TestInvalidNext(t *testing.T) {
	for name, next := range map[string]string{
		"empty":         "",
		"no base64":     "!",
		"no id":         "YSBi",
		"padding":       "YQ==",
		"other bits":    "YR",
		"a line feed":   `cGVu\nY2ls`,
		"not base64url": "+/8",
	} {
		t.Run(name, func(t *testing.T) {
			event := `{"queryStringParameters": {"next": "` + next + `"}}`

			check(t, &fakeClient{}, event, refusal(400, "next must be the next of an earlier answer"))
		})
	}
}

func TestErrors(t *testing.T) {
	checkError(t, &fakeClient{err: errors.New("throttled")}, `{}`, "scan the items: throttled")

	broken := map[string]types.AttributeValue{"quantity": &types.AttributeValueMemberN{Value: "1.5"}}
	output := &dynamodb.ScanOutput{Items: []map[string]types.AttributeValue{broken}}
	checkError(t, &fakeClient{output: output}, `{}`, "read the items: ")
}
