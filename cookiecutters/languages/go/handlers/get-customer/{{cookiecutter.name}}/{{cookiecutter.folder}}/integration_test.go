package main

import (
	"strings"
	"testing"
)

func TestDeployedStack(t *testing.T) {
	url := strings.Replace(deployedURL(t), "{id}", sampleID, 1)

	checkShape(t, fetch(t, url), sampleID)
}
