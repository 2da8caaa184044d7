// Command {{ cookiecutter.function }} imports the orders that are uploaded to a bucket.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type order struct {
	ID       string
	Quantity int32
}

// result is what is written of an order.
type result struct {
	OrderID  string `json:"orderId"`
	Quantity int32  `json:"quantity"`
	Status   string `json:"status"`
}

// client is what the handler uses of S3's.
type client interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

type handler struct {
	client client
}

func newHandler(ctx context.Context) (handler, error) {
	// The SDK would wait for S3 without end. With this, an attempt fails when nothing has come for 2 seconds, however long
	// the whole object takes, so all attempts of two requests that hang fit into the function's 30 seconds.
	httpClient := awshttp.NewBuildableClient().
		WithDialerOptions(func(dialer *net.Dialer) { dialer.Timeout = time.Second }).
		WithReadTimeout(2 * time.Second)
	settings, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(httpClient))
	if err != nil {
		return handler{}, fmt.Errorf("configure the SDK: %w", err)
	}
	return handler{client: s3.NewFromConfig(settings)}, nil
}

// parseOrder reads an order. It takes the fields out of a map, since a struct would also be filled from keys in another
// case, such as "OrderID": https://pkg.go.dev/encoding/json#Unmarshal
func parseOrder(body []byte) (order, error) {
	if !utf8.Valid(body) { // which Unmarshal would make valid
		return order{}, errors.New("parse the order: it is not UTF-8")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
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

// process is the place for your own work: it returns an order's new status. The same order may come twice: make this
// idempotent, for example by recording the order's id with a conditional write before doing the work.
func process(context.Context, order) (status string, err error) {
	return "accepted", nil
}

func (h handler) readOrder(ctx context.Context, bucket, key string) (order, error) {
	output, err := h.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return order{}, fmt.Errorf("get the object: %w", err)
	}
	defer output.Body.Close()
	body, err := io.ReadAll(output.Body)
	if err != nil {
		return order{}, fmt.Errorf("read the object: %w", err)
	}
	return parseOrder(body)
}

// importOrder processes the order in an object and writes the result to processed/. S3 sends an event at least once, and
// Lambda runs a failed one again; then this writes the same result once more, unless somebody has replaced the object.
func (h handler) importOrder(ctx context.Context, bucket, key string) error {
	read, err := h.readOrder(ctx, bucket, key)
	if err != nil {
		return err
	}
	status, err := process(ctx, read)
	if err != nil {
		return err
	}
	text, err := json.Marshal(result{OrderID: read.ID, Quantity: read.Quantity, Status: status})
	if err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	_, err = h.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:      &bucket,
		Key:         aws.String("processed/" + strings.TrimPrefix(key, "incoming/")),
		Body:        bytes.NewReader(text),
		ContentType: aws.String("application/json"),
	})
	if err != nil {
		return fmt.Errorf("put the result: %w", err)
	}
	slog.InfoContext(ctx, "order imported", "key", key, "order_id", read.ID, "quantity", read.Quantity)
	return nil
}

// handle imports the objects of an event. After an error, Lambda runs the event again, and in the end sends it to the
// failure queue:
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func (h handler) handle(ctx context.Context, event events.S3Event) error {
	for _, record := range event.Records {
		// In events, S3 encodes keys as in a query.
		key := record.S3.Object.URLDecodedKey
		if err := h.importOrder(ctx, record.S3.Bucket.Name, key); err != nil {
			return fmt.Errorf("object %s: %w", key, err)
		}
	}
	return nil
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
