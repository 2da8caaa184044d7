package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// fakeClient has objects in memory, by their keys behind the name of a bucket.
type fakeClient struct {
	objects map[string]string
	// types are the content types of the objects that were put.
	types map[string]string
	// putError is what PutObject fails with.
	putError error
}

func (f *fakeClient) GetObject(
	_ context.Context, input *s3.GetObjectInput, _ ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	body, found := f.objects[*input.Bucket+"/"+*input.Key]
	if !found {
		// S3 says so to those who may not list the bucket.
		return nil, &types.AccessDenied{Message: aws.String("Access Denied")}
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(body))}, nil
}

func (f *fakeClient) PutObject(
	_ context.Context, input *s3.PutObjectInput, _ ...func(*s3.Options),
) (*s3.PutObjectOutput, error) {
	if f.putError != nil {
		return nil, f.putError
	}
	body, err := io.ReadAll(input.Body)
	if err != nil {
		return nil, err
	}
	f.objects[*input.Bucket+"/"+*input.Key] = string(body)
	f.types = map[string]string{*input.Bucket + "/" + *input.Key: *input.ContentType}
	return &s3.PutObjectOutput{}, nil
}

// invoke returns what the function answers to an event, both as JSON.
func invoke(t *testing.T, client client, event string) (string, error) {
	t.Helper()
	answer, err := lambda.NewHandler(handler{client: client}.handle).Invoke(t.Context(), []byte(event))
	return string(answer), err
}

func sampleEvent(t *testing.T, name string) string {
	t.Helper()
	event, err := os.ReadFile("../{{ cookiecutter.events }}/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(event)
}

// uploaded returns an event of objects with these keys, which are encoded.
func uploaded(keys ...string) string {
	records := make([]string, len(keys))
	for number, key := range keys {
		records[number] = `{"s3": {"bucket": {"name": "orders"}, "object": {"key": "` + key + `"}}}`
	}
	return `{"Records": [` + strings.Join(records, ", ") + `]}`
}

// captureLogs returns what collects the test's log lines, as JSON without their time.
func captureLogs(t *testing.T) *bytes.Buffer {
	t.Helper()
	var logs bytes.Buffer
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	slog.SetDefault(slog.New(slog.NewJSONHandler(&logs, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
			if attr.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return attr
		},
	})))
	return &logs
}

func TestSampleEvent(t *testing.T) {
	logs := captureLogs(t)
	fake := &fakeClient{objects: map[string]string{"orders/incoming/1 a/b.json": `{"orderId": "1001", "quantity": 2}`}}

	answer, err := invoke(t, fake, sampleEvent(t, "event.json"))

	if answer != "null" || err != nil {
		t.Errorf("got %s and the error %v, want null and no error", answer, err)
	}
	want := map[string]string{
		"orders/incoming/1 a/b.json":  `{"orderId": "1001", "quantity": 2}`,
		"orders/processed/1 a/b.json": `{"orderId":"1001","quantity":2,"status":"accepted"}`,
	}
	if !maps.Equal(fake.objects, want) {
		t.Errorf("the objects are %v, want %v", fake.objects, want)
	}
	types := map[string]string{"orders/processed/1 a/b.json": "application/json"}
	if !maps.Equal(fake.types, types) {
		t.Errorf("the content types are %v, want %v", fake.types, types)
	}
	line := `{"level":"INFO","msg":"order imported","key":"incoming/1 a/b.json","order_id":"1001","quantity":2}` + "\n"
	if got := logs.String(); got != line {
		t.Errorf("logged %s, want %s", got, line)
	}
}

func TestBadSampleEvent(t *testing.T) {
	fake := &fakeClient{objects: map[string]string{"orders/incoming/bad.json": "this is not an order"}}

	_, err := invoke(t, fake, sampleEvent(t, "bad.json"))

	if want := "object incoming/bad.json: parse the order: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got the error %v, want one that begins with %q", err, want)
	}
	if len(fake.objects) != 1 {
		t.Errorf("the objects are %v", fake.objects)
	}
}

func TestKeys(t *testing.T) {
	for encoded, name := range map[string]string{
		"3%C3%A9.json":        "3é.json",
		"a%2Bb.json":          "a+b.json",
		"100%25.json":         "100%.json",
		"incoming/a.json":     "incoming/a.json",
		"incoming%2Fa+b.json": "incoming/a b.json",
	} {
		t.Run(name, func(t *testing.T) {
			order := `{"orderId": "1001", "quantity": 2}`
			fake := &fakeClient{objects: map[string]string{"orders/incoming/" + name: order}}

			if _, err := invoke(t, fake, uploaded("incoming/"+encoded)); err != nil {
				t.Fatal(err)
			}

			if _, found := fake.objects["orders/processed/"+name]; !found {
				t.Errorf("the objects are %v", fake.objects)
			}
		})
	}
}

func TestSeveralObjects(t *testing.T) {
	fake := &fakeClient{objects: map[string]string{
		"orders/incoming/1.json": `{"orderId": "1001", "quantity": 1}`,
		"orders/incoming/2.json": `{"orderId": "1002", "quantity": 2}`,
	}}

	if _, err := invoke(t, fake, uploaded("incoming/1.json", "incoming/2.json")); err != nil {
		t.Fatal(err)
	}

	for key, want := range map[string]string{
		"orders/processed/1.json": `{"orderId":"1001","quantity":1,"status":"accepted"}`,
		"orders/processed/2.json": `{"orderId":"1002","quantity":2,"status":"accepted"}`,
	} {
		if got := fake.objects[key]; got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
}

func TestBadObjectBetweenOthers(t *testing.T) {
	fake := &fakeClient{objects: map[string]string{
		"orders/incoming/1.json": `{"orderId": "1001", "quantity": 1}`,
		"orders/incoming/2.json": `{"orderId": "1002", "quantity": 0}`,
		"orders/incoming/3.json": `{"orderId": "1003", "quantity": 3}`,
	}}

	_, err := invoke(t, fake, uploaded("incoming/1.json", "incoming/2.json", "incoming/3.json"))

	want := "object incoming/2.json: quantity must be an integer from 1 to 2147483647"
	if err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
	if _, found := fake.objects["orders/processed/1.json"]; !found || len(fake.objects) != 4 {
		t.Errorf("the objects are %v", fake.objects)
	}
}

func TestNoObject(t *testing.T) {
	_, err := invoke(t, &fakeClient{}, uploaded("incoming/gone.json"))

	want := "object incoming/gone.json: get the object: AccessDenied: Access Denied"
	if err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
}

func TestResultCannotBePut(t *testing.T) {
	logs := captureLogs(t)
	fake := &fakeClient{
		objects:  map[string]string{"orders/incoming/1.json": `{"orderId": "1001", "quantity": 2}`},
		putError: errors.New("access denied"),
	}

	_, err := invoke(t, fake, uploaded("incoming/1.json"))

	if want := "object incoming/1.json: put the result: access denied"; err == nil || err.Error() != want {
		t.Errorf("got the error %v, want %s", err, want)
	}
	if logs.Len() > 0 {
		t.Errorf("logged %s, want nothing", logs)
	}
}

func TestValidOrders(t *testing.T) {
	for body, want := range map[string]order{
		`{"orderId": "1001", "quantity": 1}`:                   {ID: "1001", Quantity: 1},
		`{"orderId": "1001", "quantity": 2147483647}`:          {ID: "1001", Quantity: 2147483647},
		`{"orderId": "é", "quantity": 2, "note": "for Alice"}`: {ID: "é", Quantity: 2},
	} {
		t.Run(body, func(t *testing.T) {
			if got, err := parseOrder([]byte(body)); got != want || err != nil {
				t.Errorf("got %+v and the error %v, want %+v", got, err, want)
			}
		})
	}
}

func TestInvalidOrders(t *testing.T) {
	for _, body := range []string{
		``,
		`[]`,
		`null`,
		`{}`,
		`this is not an order`,
		`{"quantity": 2}`,
		`{"orderId": "", "quantity": 2}`,
		`{"orderId": 1001, "quantity": 2}`,
		`{"orderId": "\ud800", "quantity": 2}`,
		`{"orderId": "1001"}`,
		`{"orderId": "1001", "quantity": 0}`,
		`{"orderId": "1001", "quantity": -1}`,
		`{"orderId": "1001", "quantity": 1.5}`,
		`{"orderId": "1001", "quantity": 2.0}`,
		`{"orderId": "1001", "quantity": 2e0}`,
		`{"orderId": "1001", "quantity": "2"}`,
		`{"orderId": "1001", "quantity": true}`,
		`{"orderId": "1001", "quantity": null}`,
		`{"orderId": "1001", "quantity": 2147483648}`,
		`{"orderId": "1001", "quantity": 99999999999999999999}`,
		`{"orderid": "1001", "quantity": 2}`,
		`{"OrderId": "1001", "Quantity": 2}`,
		`{"orderId": "1001", "quantity": 2} {}`,
		"{\"orderId\": \"\xff\", \"quantity\": 2}",
	} {
		t.Run(body, func(t *testing.T) {
			if got, err := parseOrder([]byte(body)); err == nil {
				t.Errorf("got %+v, want an error", got)
			}
		})
	}
}
