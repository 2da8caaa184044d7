package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// handler answers requests with the items of a table.
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
