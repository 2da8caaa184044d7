package main

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"net/mail"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

const sampleID = "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11"

// They differ from sampleID in the first and in the last digit.
var otherIDs = []string{"bf0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a11", "3f0d0c6b-2b1e-4c8a-9a53-0b6f6e6f7a12"}

// call returns what the handler answers to an event, having checked its status and content type.
func call(t *testing.T, event string, status int, contentType string) string {
	t.Helper()
	var request events.APIGatewayProxyRequest
	if err := json.Unmarshal([]byte(event), &request); err != nil {
		t.Fatal(err)
	}
	response, err := handle(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != status {
		t.Errorf("status = %d, want %d", response.StatusCode, status)
	}
	if want := map[string]string{"Content-Type": contentType}; !maps.Equal(response.Headers, want) {
		t.Errorf("headers = %v, want %v", response.Headers, want)
	}
	return response.Body
}

// get returns the body of a customer with that id.
func get(t *testing.T, id string) string {
	t.Helper()
	return call(t, `{"pathParameters": {"id": "`+id+`"}}`, 200, "application/json")
}

// checkShape checks that a body is a whole customer, whose id matches idPattern.
func checkShape(t *testing.T, body, idPattern string) {
	t.Helper()
	quoted := `"(?:[^"\\]|\\.)+"`
	shape := regexp.MustCompile(strings.Join([]string{
		`^{"id":"` + idPattern + `"`,
		`"name":` + quoted,
		`"email":"[^"@]+@example\.com"`,
		`"phone":` + quoted,
		`"address":{"street":` + quoted,
		`"city":` + quoted,
		`"postcode":` + quoted,
		`"country":` + quoted + `}}$`,
	}, ","))
	if !shape.MatchString(body) {
		t.Errorf("got %s, want something like %s", body, shape)
	}
}

func TestSampleEvent(t *testing.T) {
	event, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}

	checkShape(t, call(t, string(event), 200, "application/json"), sampleID)
}

func TestIDDecidesTheCustomer(t *testing.T) {
	want := get(t, sampleID)

	if got := get(t, sampleID); got != want {
		t.Errorf("the same id gave %s, then %s", want, got)
	}
	if got := get(t, strings.ToUpper(sampleID)); got != want {
		t.Errorf("the id in upper case gave %s, want %s", got, want)
	}
	for _, otherID := range otherIDs {
		if got := get(t, otherID); strings.ReplaceAll(got, otherID, sampleID) == want {
			t.Errorf("%s gave the same customer: %s", otherID, got)
		}
	}
}

func TestEmailsAreValid(t *testing.T) {
	for number := range uint64(1000) {
		var id uuid
		binary.BigEndian.PutUint64(id[8:], number)
		email := makeCustomer(id).Email
		if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email {
			t.Errorf("%s has the e-mail address %q: %v", id, email, err)
		}
	}
}

func TestNoID(t *testing.T) {
	random := `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`
	for _, event := range []string{`{}`, `{"pathParameters": null}`, `{"pathParameters": {}}`} {
		t.Run(event, func(t *testing.T) {
			first := call(t, event, 200, "application/json")
			second := call(t, event, 200, "application/json")

			checkShape(t, first, random)
			if first == second {
				t.Errorf("two calls gave the same customer: %s", first)
			}
			var made customer
			if err := json.Unmarshal([]byte(first), &made); err != nil {
				t.Fatal(err)
			}
			if again := get(t, made.ID); again != first {
				t.Errorf("the new customer's id gave %s, want %s", again, first)
			}
		})
	}
}

func TestMalformedID(t *testing.T) {
	for name, malformed := range map[string]string{
		"empty":            "",
		"short":            "42",
		"braces":           "{" + sampleID + "}",
		"urn":              "urn:uuid:" + sampleID,
		"two digits more":  sampleID + "11",
		"two digits first": "11" + sampleID,
		"no hyphens":       strings.ReplaceAll(sampleID, "-", ""),
		"one hyphen less":  strings.Replace(sampleID, "-", "", 1),
		"not hexadecimal":  "g" + sampleID[1:],
		"one digit more":   sampleID + "1",
		"a line feed more": sampleID + `\n`,
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, `{"pathParameters": {"id": "`+malformed+`"}}`, 400, "application/problem+json")

			if want := `{"title":"Bad Request","status":400,"detail":"id must be a UUID"}`; got != want {
				t.Errorf("body = %s, want %s", got, want)
			}
		})
	}
}
