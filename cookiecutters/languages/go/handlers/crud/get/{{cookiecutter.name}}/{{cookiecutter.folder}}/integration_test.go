package main

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	url := strings.Replace(deployedURL(t), "{id}", rand.Text(), 1)

	status, body := send(t, http.MethodGet, url, "")

	want := `{"title":"Not Found","status":404,"detail":"there is no item with this id"}`
	if status != http.StatusNotFound || body != want {
		t.Errorf("got %d and %s, want 404 and %s", status, body, want)
	}
}
