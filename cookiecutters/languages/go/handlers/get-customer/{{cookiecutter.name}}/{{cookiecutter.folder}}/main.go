// Command {{ cookiecutter.function }} answers GET /{{ cookiecutter.path }}.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// problem tells a client what is wrong with its request: https://www.rfc-editor.org/rfc/rfc9457
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// newUUID returns a random identifier: a UUID of version 4.
func newUUID() (id uuid) {
	rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40 // the version
	id[8] = id[8]&0x3f | 0x80 // the variant
	return id
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

// handle answers with the customer of the id in the path, or with a new one where there is none. Its event and its
// response are those of Amazon API Gateway:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func handle(_ context.Context, event events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	text, found := event.PathParameters["id"]
	if !found {
		return respond(http.StatusOK, "application/json", makeCustomer(newUUID()))
	}
	id, ok := parseUUID(text)
	if !ok {
		return respond(http.StatusBadRequest, "application/problem+json", problem{
			Title:  http.StatusText(http.StatusBadRequest),
			Status: http.StatusBadRequest,
			Detail: "id must be a UUID",
		})
	}
	return respond(http.StatusOK, "application/json", makeCustomer(id))
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(handle)
}
