// Command {{ cookiecutter.function }} answers DELETE /{{ cookiecutter.path }}: it deletes an item.
package main

import (
	"context"
	"errors"
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
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// client is what the handler uses of DynamoDB's.
type client interface {
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
}

// handle deletes the item of the id in the path. Its event and its response are those of payload format 2.0:
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
	_, err = h.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:           &h.table,
		Key:                 key,
		ConditionExpression: aws.String("attribute_exists(id)"), // or else DeleteItem succeeds without an item
	})
	if _, missing := errors.AsType[*types.ConditionalCheckFailedException](err); missing {
		// This is also the answer when the SDK's first attempt has deleted the item, and its retry does not find it.
		return refuse(http.StatusNotFound, "there is no item with this id")
	}
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("delete item %s: %w", id, err)
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNoContent}, nil
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
