// Command {{ cookiecutter.function }} answers PUT /{{ cookiecutter.path }}: it stores an item.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
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
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
}

// decodeBody returns the body of a request; API Gateway encodes what it does not take for text.
func decodeBody(event events.APIGatewayV2HTTPRequest) ([]byte, error) {
	if event.IsBase64Encoded {
		return base64.StdEncoding.DecodeString(event.Body)
	}
	return []byte(event.Body), nil
}

// parseInteger returns the number that JSON stands for, and whether it is an integer of at least least that fits.
func parseInteger(text json.RawMessage, least int32) (number int32, ok bool) {
	parsed := new(int32)
	err := json.Unmarshal(text, &parsed) // null makes a nil pointer of it
	if err != nil || parsed == nil || *parsed < least {
		return 0, false
	}
	return *parsed, true
}

// parseItem reads an item without its id; its version is 0 where the body has none. The error is for the client.
//
// The fields come out of a map, since a struct would also be filled from keys in another case, such as "Name":
// https://pkg.go.dev/encoding/json#Unmarshal
func parseItem(event events.APIGatewayV2HTTPRequest) (item, error) {
	body, err := decodeBody(event)
	var fields map[string]json.RawMessage
	// Unmarshal replaces what is not UTF-8, and takes null for a map as well.
	if err != nil || !utf8.Valid(body) || json.Unmarshal(body, &fields) != nil || fields == nil {
		return item{}, errors.New("the body must be a JSON object")
	}
	var parsed item
	err = json.Unmarshal(fields["name"], &parsed.Name)
	length := utf8.RuneCountInString(parsed.Name)
	// Unmarshal makes U+FFFD of half a surrogate pair, such as "\ud800", so this refuses both.
	if err != nil || length < 1 || length > 100 || strings.ContainsRune(parsed.Name, utf8.RuneError) {
		return item{}, errors.New("name must be a string of 1 to 100 characters")
	}
	quantity, ok := parseInteger(fields["quantity"], 0)
	if !ok {
		return item{}, errors.New("quantity must be an integer from 0 to 2147483647")
	}
	parsed.Quantity = quantity
	if text, given := fields["version"]; given {
		version, ok := parseInteger(text, 1)
		if !ok {
			return item{}, errors.New("version must be an integer from 1 to 2147483647")
		}
		parsed.Version = int64(version)
	}
	return parsed, nil
}

// handle stores the item of the id in the path: a new one, or a new version of the one whose version the client has
// read, so that nobody replaces what somebody else has stored since. An item that was deleted and stored again
// begins at version 1 again, though. Its event and its response are those of payload format 2.0:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
func (h handler) handle(
	ctx context.Context, event events.APIGatewayV2HTTPRequest,
) (events.APIGatewayV2HTTPResponse, error) {
	id := event.PathParameters["id"]
	if !idText.MatchString(id) {
		return refuse(http.StatusBadRequest, "id must have 1 to 100 letters, digits, hyphens or underscores")
	}
	stored, err := parseItem(event)
	if err != nil {
		return refuse(http.StatusBadRequest, err.Error())
	}

	input := &dynamodb.PutItemInput{TableName: &h.table, ConditionExpression: aws.String("attribute_not_exists(id)")}
	status, conflict := http.StatusCreated, "there is an item with this id already; send its version to replace it"
	if stored.Version > 0 {
		input.ConditionExpression = aws.String("version = :version")
		input.ExpressionAttributeValues = map[string]types.AttributeValue{
			":version": &types.AttributeValueMemberN{Value: strconv.FormatInt(stored.Version, 10)},
		}
		status, conflict = http.StatusOK, "the item does not have this version any more"
	}
	stored.ID = id
	stored.Version++
	if input.Item, err = attributevalue.MarshalMap(stored); err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("make attributes of item %s: %w", id, err)
	}
	_, err = h.client.PutItem(ctx, input)
	if _, failed := errors.AsType[*types.ConditionalCheckFailedException](err); failed {
		// This is also the answer when the SDK's retry finds what its own first attempt has stored.
		return refuse(http.StatusConflict, conflict)
	}
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("put item %s: %w", id, err)
	}
	return respond(status, "application/json", stored)
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
