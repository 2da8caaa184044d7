// Command {{ cookiecutter.function }} tells the warehouse of the orders that are published to a topic.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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
func parseOrder(message string) (order, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(message), &fields); err != nil {
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

// process is the place for your own work. SNS delivers a message at least once, and Lambda runs a failed event again,
// so the same order may come twice: make this idempotent, for example by recording the order's id with a conditional
// write before doing the work.
func process(ctx context.Context, o order) error {
	slog.InfoContext(ctx, "warehouse notified", "order_id", o.ID, "quantity", o.Quantity)
	return nil
}

func processMessage(ctx context.Context, message string) error {
	parsed, err := parseOrder(message)
	if err != nil {
		return err
	}
	return process(ctx, parsed)
}

// handle returns the error of the first message that fails; SNS usually sends one in an event. Lambda then runs the
// event again, and in the end sends it to the failure queue:
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func handle(ctx context.Context, event events.SNSEvent) error {
	for _, record := range event.Records {
		if err := processMessage(ctx, record.SNS.Message); err != nil {
			return fmt.Errorf("message %s: %w", record.SNS.MessageID, err)
		}
	}
	return nil
}

func main() {
	// Follows the function's LoggingConfig, text or JSON, and adds the id of the request.
	slog.SetDefault(lambdacontext.NewLogger())
	// aws-lambda-go logs the errors that handle returns with log.Printf, which would be at level INFO.
	slog.SetLogLoggerLevel(slog.LevelError)
	lambda.Start(handle)
}
