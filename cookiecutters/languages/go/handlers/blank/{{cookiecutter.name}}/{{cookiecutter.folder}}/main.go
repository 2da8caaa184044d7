// Command {{ cookiecutter.function }} greets by name.
package main

import (
	"cmp"
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// request is what the function is invoked with. For the events of AWS services there are types:
// https://pkg.go.dev/github.com/aws/aws-lambda-go/events
type request struct {
	Name string `json:"name"`
}

type response struct {
	Message string `json:"message"`
}

func handle(_ context.Context, r request) (response, error) {
	return response{Message: "hello " + cmp.Or(r.Name, "world")}, nil
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	// aws-lambda-go logs the errors that handle returns with log.Printf, which would be at level INFO.
	slog.SetLogLoggerLevel(slog.LevelError)
	lambda.Start(handle)
}
