// Command {{ cookiecutter.function }} answers GET /{{ cookiecutter.path }} with an item.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// item is what the table has of an item, and what clients get of it.
type item struct {
	ID       string `json:"id" dynamodbav:"id"`
	Name     string `json:"name" dynamodbav:"name"`
	Quantity int32  `json:"quantity" dynamodbav:"quantity"`
	Version  int64  `json:"version" dynamodbav:"version"`
}

// client is what the handler uses of DynamoDB's.
type client interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

// handle answers with the item of the id in the path. Its event and its response are those of payload format 2.0:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func (h handler) handle(
	ctx context.Context, event events.APIGatewayV2HTTPRequest,
) (events.APIGatewayV2HTTPResponse, error) {
	id := event.PathParameters["id"]
	if !idText.MatchString(id) {
		return refuse(http.StatusBadRequest, "id must have 1 to 100 letters, digits, hyphens or underscores")
	}
	key, err := attributevalue.MarshalMap(map[string]string{"id": id})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("make the key of item %s: %w", id, err)
	}
	output, err := h.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &h.table,
		Key:            key,
		ConsistentRead: aws.Bool(true), // so that those who have just stored the item find it
	})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("get item %s: %w", id, err)
	}
	if output.Item == nil {
		return refuse(http.StatusNotFound, "there is no item with this id")
	}
	var found item
	if err := attributevalue.UnmarshalMap(output.Item, &found); err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("read item %s: %w", id, err)
	}
	return respond(http.StatusOK, "application/json", found)
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	// aws-lambda-go logs the errors that handle returns with log.Printf, which would be at level INFO.
	slog.SetLogLoggerLevel(slog.LevelError)
	h, err := newHandler(context.Background())
	if err != nil {
		slog.Error("start failed", "error", err)
		os.Exit(1)
	}
	lambda.Start(h.handle)
}
