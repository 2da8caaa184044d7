package main

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	url := strings.Replace(deployedURL(t), "{id}", rand.Text(), 1)

	// A version of an item that is not there, so that nothing is left in the table.
	status, body := send(t, http.MethodPut, url, `{"name": "Pencil", "quantity": 3, "version": 1}`)

	want := `{"title":"Conflict","status":409,"detail":"the item does not have this version any more"}`
	if status != http.StatusConflict || body != want {
		t.Errorf("got %d and %s, want 409 and %s", status, body, want)
	}
}
