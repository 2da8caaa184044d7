package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	url := strings.Replace(deployedURL(t), "{id}", "integration-test", 1)

	status, body := send(t, http.MethodPut, url, `{"name": "Pencil", "quantity": 3}`)

	// From the second time on, the item is there.
	if status != http.StatusCreated && status != http.StatusConflict {
		t.Errorf("got %d and %s, want 201 or 409", status, body)
	}
}
