package main

import (
	"net/http"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	status, body := send(t, http.MethodGet, deployedURL(t), "")

	if want := `{"message":"hello world"}`; status != http.StatusOK || body != want {
		t.Errorf("got %d and %s, want 200 and %s", status, body, want)
	}
}
