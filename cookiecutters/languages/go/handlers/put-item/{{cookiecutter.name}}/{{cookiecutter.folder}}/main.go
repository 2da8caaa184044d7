// Command {{ cookiecutter.function }} answers PUT /{{ cookiecutter.path }}: it stores each item once.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// client is what the handler uses of DynamoDB's.
type client interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
}

// handler stores items in a table.
type handler struct {
	client client
	table  string
}

// newHandler returns a handler of the table that the environment names.
func newHandler(ctx context.Context) (handler, error) {
	table := os.Getenv("TABLE_NAME")
	if table == "" {
		return handler{}, errors.New("the environment variable TABLE_NAME is not set")
	}
	// The SDK would wait for an answer without end. With this, all its attempts fit into the function's 10 seconds.
	httpClient := awshttp.NewBuildableClient().
		WithDialerOptions(func(dialer *net.Dialer) { dialer.Timeout = time.Second }).
		WithTimeout(2 * time.Second)
	settings, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(httpClient))
	if err != nil {
		return handler{}, fmt.Errorf("configure the SDK: %w", err)
	}
	return handler{client: dynamodb.NewFromConfig(settings), table: table}, nil
}

// respond returns a response with body as JSON.
func respond(status int, contentType string, body any) (events.APIGatewayProxyResponse, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return events.APIGatewayProxyResponse{}, fmt.Errorf("encode the body: %w", err)
	}
	return events.APIGatewayProxyResponse{
		StatusCode: status,
		Headers:    map[string]string{"Content-Type": contentType},
		Body:       string(text),
	}, nil
}

// refuse returns a response with a problem.
func refuse(p problem) (events.APIGatewayProxyResponse, error) {
	return respond(p.Status, "application/problem+json", p)
}

// handle stores the item of the id in the path, unless there is one with that id. Its event and its response are those
// of Amazon API Gateway:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func (h handler) handle(
	ctx context.Context, event events.APIGatewayProxyRequest,
) (events.APIGatewayProxyResponse, error) {
	parsed, wrong := parseItem(event.PathParameters["id"], event.Body)
	if wrong != nil {
		return refuse(*wrong)
	}
	attributes, err := attributevalue.MarshalMap(parsed)
	if err != nil {
		return events.APIGatewayProxyResponse{}, fmt.Errorf("make attributes of item %s: %w", parsed.ID, err)
	}
	_, err = h.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           &h.table,
		Item:                attributes,
		ConditionExpression: aws.String("attribute_not_exists(id)"), // or else PutItem replaces an item
	})
	if _, failed := errors.AsType[*types.ConditionalCheckFailedException](err); failed {
		// This is also the answer when the SDK's retry finds the item that its own first attempt has stored.
		return refuse(problem{
			Title:  http.StatusText(http.StatusConflict),
			Status: http.StatusConflict,
			Detail: "there is an item with this id already",
		})
	}
	if err != nil {
		return events.APIGatewayProxyResponse{}, fmt.Errorf("put item %s: %w", parsed.ID, err)
	}
	return respond(http.StatusCreated, "application/json", parsed)
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
