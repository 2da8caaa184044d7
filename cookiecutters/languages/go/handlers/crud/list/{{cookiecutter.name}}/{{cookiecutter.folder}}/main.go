// Command {{ cookiecutter.function }} answers GET /{{ cookiecutter.path }} with a page of the items.
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// The items on a page, if a request does not say how many, and at most.
const (
	defaultLimit = 25
	maxLimit     = 100
)

// item is what the table has of an item, and what clients get of it.
type item struct {
	ID       string `json:"id" dynamodbav:"id"`
	Name     string `json:"name" dynamodbav:"name"`
	Quantity int32  `json:"quantity" dynamodbav:"quantity"`
	Version  int64  `json:"version" dynamodbav:"version"`
}

// page is some of the items, in no order. Next is for the request of the next page; the last page has none.
type page struct {
	Items []item  `json:"items"`
	Next  *string `json:"next"`
}

// client is what the handler uses of DynamoDB's.
type client interface {
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

// token returns what stands for the page that begins after an id.
func token(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(id))
}

// parseToken returns the id in a token, and whether it is one that token returns.
func parseToken(text string) (id string, ok bool) {
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	id = string(decoded)
	// Decoding ignores line breaks, and bits that are too many.
	return id, err == nil && idText.MatchString(id) && token(id) == text
}

// handle answers with a page of the items. Its event and its response are those of payload format 2.0:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func (h handler) handle(
	ctx context.Context, event events.APIGatewayV2HTTPRequest,
) (events.APIGatewayV2HTTPResponse, error) {
	input := &dynamodb.ScanInput{TableName: &h.table, Limit: aws.Int32(defaultLimit)}
	if text, given := event.QueryStringParameters["limit"]; given {
		limit, err := strconv.ParseUint(text, 10, 31)
		if err != nil || limit < 1 || limit > maxLimit {
			return refuse(http.StatusBadRequest, "limit must be an integer from 1 to 100")
		}
		input.Limit = aws.Int32(int32(limit))
	}
	if text, given := event.QueryStringParameters["next"]; given {
		id, ok := parseToken(text)
		if !ok {
			return refuse(http.StatusBadRequest, "next must be the next of an earlier answer")
		}
		key, err := attributevalue.MarshalMap(map[string]string{"id": id})
		if err != nil {
			return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("make the key of item %s: %w", id, err)
		}
		input.ExclusiveStartKey = key
	}
	output, err := h.client.Scan(ctx, input)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("scan the items: %w", err)
	}
	var answer page
	if err := attributevalue.UnmarshalListOfMaps(output.Items, &answer.Items); err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("read the items: %w", err)
	}
	if output.LastEvaluatedKey != nil {
		var last item
		if err := attributevalue.UnmarshalMap(output.LastEvaluatedKey, &last); err != nil {
			return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("read the last key: %w", err)
		}
		answer.Next = aws.String(token(last.ID))
	}
	return respond(http.StatusOK, "application/json", answer)
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
