package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"github.com/aws/aws-lambda-go/events"
)

// idText matches the ids of items.
var idText = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)

// problem tells a client what is wrong with its request: https://www.rfc-editor.org/rfc/rfc9457
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// respond returns a response with body as JSON.
func respond(status int, contentType string, body any) (events.APIGatewayV2HTTPResponse, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("encode the body: %w", err)
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status,
		Headers:    map[string]string{"Content-Type": contentType},
		Body:       string(text),
	}, nil
}

// refuse returns a response with a problem.
func refuse(status int, detail string) (events.APIGatewayV2HTTPResponse, error) {
	body := problem{Title: http.StatusText(status), Status: status, Detail: detail}
	return respond(status, "application/problem+json", body)
}
