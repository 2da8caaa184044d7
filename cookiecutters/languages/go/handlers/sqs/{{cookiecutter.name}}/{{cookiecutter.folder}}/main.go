// Command {{ cookiecutter.function }} processes the orders that arrive in a queue.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type order struct {
	ID       string `json:"orderId"`
	Quantity int    `json:"quantity"`
}

func parseOrder(body string) (order, error) {
	var parsed order
	if err := json.Unmarshal([]byte(body), &parsed); err != nil {
		return order{}, fmt.Errorf("parse the order: %w", err)
	}
	if parsed.ID == "" {
		return order{}, errors.New("an order needs an orderId")
	}
	if parsed.Quantity < 1 {
		return order{}, fmt.Errorf("order %q: quantity must be 1 or more", parsed.ID)
	}
	return parsed, nil
}

// process is where your own work goes. An error sends the message back to the queue.
func process(ctx context.Context, message events.SQSMessage) error {
	order, err := parseOrder(message.Body)
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "order processed", "orderId", order.ID, "quantity", order.Quantity)
	return nil
}

// handle names the messages that failed; the others are done with, and leave the queue:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	failures := []events.SQSBatchItemFailure{}
	for _, message := range event.Records {
		if err := process(ctx, message); err != nil {
			slog.ErrorContext(ctx, "message failed", "messageId", message.MessageId, "error", err)
			failures = append(failures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return events.SQSEventResponse{BatchItemFailures: failures}, nil
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	lambda.Start(handle)
}
