// Command {{ cookiecutter.function }} greets whoever calls the function's URL.
package main

import (
	"cmp"
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

// problem tells a client what is wrong with its request: https://www.rfc-editor.org/rfc/rfc9457
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// respond returns a response with body as JSON.
func respond(status int, body any, headers map[string]string) (events.LambdaFunctionURLResponse, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return events.LambdaFunctionURLResponse{}, fmt.Errorf("encode the body: %w", err)
	}
	return events.LambdaFunctionURLResponse{StatusCode: status, Headers: headers, Body: string(text)}, nil
}

// refuse returns a response with a problem.
func refuse(status int, detail string, headers map[string]string) (events.LambdaFunctionURLResponse, error) {
	return respond(status, problem{Title: http.StatusText(status), Status: status, Detail: detail}, headers)
}

// handle answers GET / with a greeting. Requests with any other path or method reach the function as well:
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
func handle(_ context.Context, event events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
	if event.RawPath != "/" {
		return refuse(http.StatusNotFound, "there is nothing at "+event.RawPath, map[string]string{
			"Content-Type": "application/problem+json",
		})
	}
	if event.RequestContext.HTTP.Method != http.MethodGet {
		return refuse(http.StatusMethodNotAllowed, "use GET", map[string]string{
			"Content-Type": "application/problem+json",
			"Allow":        http.MethodGet,
		})
	}
	name := cmp.Or(event.QueryStringParameters["name"], "world")
	return respond(http.StatusOK, greeting{Message: "hello " + name}, map[string]string{
		"Content-Type": "application/json",
	})
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	// aws-lambda-go logs the errors that handle returns with log.Printf, which would be at level INFO.
	slog.SetLogLoggerLevel(slog.LevelError)
	lambda.Start(handle)
}
