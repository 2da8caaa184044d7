// Command {{ cookiecutter.function }} processes the orders that arrive in a queue.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type order struct {
	ID       string
	Quantity int32
}

// parseOrder reads an order. It takes the fields out of a map, since a struct would also be filled from keys in another
// case, such as "OrderID": https://pkg.go.dev/encoding/json#Unmarshal
func parseOrder(body string) (order, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &fields); err != nil {
		return order{}, fmt.Errorf("parse the order: %w", err)
	}
	var parsed order
	err := json.Unmarshal(fields["orderId"], &parsed.ID)
	// Unmarshal makes U+FFFD of half a surrogate pair, such as "\ud800", so this refuses both.
	if err != nil || parsed.ID == "" || strings.ContainsRune(parsed.ID, utf8.RuneError) {
		return order{}, errors.New("orderId must be a string that is not empty")
	}
	if err := json.Unmarshal(fields["quantity"], &parsed.Quantity); err != nil || parsed.Quantity < 1 {
		return order{}, errors.New("quantity must be an integer from 1 to 2147483647")
	}
	return parsed, nil
}

// process is the place for your own work. SQS delivers a message at least once, so the same order may come twice: make
// this idempotent, for example by recording the order's id with a conditional write before doing the work. An error
// sends the message back to the queue.
func process(ctx context.Context, o order) error {
	slog.InfoContext(ctx, "order processed", "order_id", o.ID, "quantity", o.Quantity)
	return nil
}

// processMessage makes an error of a panic, so that the other messages of the batch are processed.
func processMessage(ctx context.Context, message events.SQSMessage) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	parsed, err := parseOrder(message.Body)
	if err != nil {
		return err
	}
	return process(ctx, parsed)
}

// handle returns the ids of the messages that failed, for SQS to deliver again; the others are deleted from the queue:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	failures := []events.SQSBatchItemFailure{}
	for _, message := range event.Records {
		if err := processMessage(ctx, message); err != nil {
			slog.ErrorContext(ctx, "message failed", "message_id", message.MessageId, "error", err)
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
