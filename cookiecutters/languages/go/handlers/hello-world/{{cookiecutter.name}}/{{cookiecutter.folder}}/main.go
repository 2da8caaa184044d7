// Command {{ cookiecutter.function }} answers GET /{{ cookiecutter.path }}.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type greeting struct {
	Message string `json:"message"`
}

// handle greets whoever calls. Its event and its response are those of Amazon API Gateway:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func handle(_ context.Context, _ events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	body, err := json.Marshal(greeting{Message: "hello world"})
	if err != nil {
		return events.APIGatewayProxyResponse{}, fmt.Errorf("encode the body: %w", err)
	}
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       string(body),
	}, nil
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(handle)
}
