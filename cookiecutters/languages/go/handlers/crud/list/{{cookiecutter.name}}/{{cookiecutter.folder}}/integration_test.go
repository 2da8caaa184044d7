package main

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	status, body := send(t, http.MethodGet, deployedURL(t)+"?limit=1", "")

	var got page
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if status != http.StatusOK || got.Items == nil {
		t.Errorf("got %d and %s, want 200 and items", status, body)
	}
}
