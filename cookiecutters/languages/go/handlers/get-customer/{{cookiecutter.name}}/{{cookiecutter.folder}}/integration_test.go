package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	url := strings.Replace(deployedURL(t), "{id}", sampleID, 1)

	status, body := send(t, http.MethodGet, url, "")

	if status != http.StatusOK {
		t.Errorf("status = %d, want 200", status)
	}
	checkShape(t, body, sampleID)
}
