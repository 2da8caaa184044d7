package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxBody is how many bytes a body may have.
const maxBody = 1024

// item is what the table has of an item, and what clients get of it.
type item struct {
	ID       string `json:"id" dynamodbav:"id"`
	Name     string `json:"name" dynamodbav:"name"`
	Quantity int32  `json:"quantity" dynamodbav:"quantity"`
}

// problem tells a client what is wrong with its request: https://www.rfc-editor.org/rfc/rfc9457
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// idText matches the ids of items.
var idText = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)

func badRequest(detail string) *problem {
	return &problem{Title: http.StatusText(http.StatusBadRequest), Status: http.StatusBadRequest, Detail: detail}
}

// parseItem reads an item from the id in the path and the body, or says what is wrong with them.
//
// The fields come out of a map, since a struct would also be filled from keys in another case, such as "Name":
// https://pkg.go.dev/encoding/json#Unmarshal
func parseItem(id, body string) (item, *problem) {
	if !idText.MatchString(id) {
		return item{}, badRequest("id must have 1 to 100 letters, digits, hyphens or underscores")
	}
	if len(body) > maxBody {
		return item{}, &problem{
			Title:  "Content Too Large", // http.StatusText has the older name
			Status: http.StatusRequestEntityTooLarge,
			Detail: "the body must not have more than 1024 bytes",
		}
	}
	var fields map[string]json.RawMessage
	// Without an error, the map is still nil after null.
	if err := json.Unmarshal([]byte(body), &fields); err != nil || fields == nil {
		return item{}, badRequest("the body must be a JSON object")
	}
	parsed := item{ID: id}
	err := json.Unmarshal(fields["name"], &parsed.Name)
	length := utf8.RuneCountInString(parsed.Name)
	// Unmarshal makes U+FFFD of half a surrogate pair, such as "\ud800", so this refuses both.
	if err != nil || length < 1 || length > 100 || strings.ContainsRune(parsed.Name, utf8.RuneError) {
		return item{}, badRequest("name must be a string of 1 to 100 characters")
	}
	quantity := &parsed.Quantity
	// A pointer, which null makes nil; a number would stay 0.
	if err := json.Unmarshal(fields["quantity"], &quantity); err != nil || quantity == nil || *quantity < 0 {
		return item{}, badRequest("quantity must be an integer from 0 to 2147483647")
	}
	return parsed, nil
}
