package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestDeployedStack calls the API of the stack named AWS_SAM_STACK_NAME, with the SAM CLI's credentials and region.
func TestDeployedStack(t *testing.T) {
	stack := os.Getenv("AWS_SAM_STACK_NAME")
	if stack == "" {
		t.Skip("set AWS_SAM_STACK_NAME to test the deployed stack")
	}

	response, err := http.Get(strings.Replace(stackOutput(t, stack, "{{ cookiecutter.function_pascal }}Api"), "{id}", sampleID, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}

	if response.StatusCode != http.StatusOK {
		t.Errorf("status = %d, want 200", response.StatusCode)
	}
	checkShape(t, string(body), sampleID)
}

// stackOutput returns the value of one of a stack's outputs.
func stackOutput(t *testing.T, stack, key string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sam", "list", "stack-outputs", "--stack-name", stack, "--output", "json")
	command.Dir = ".." // where samconfig.toml is
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		t.Fatalf("sam list stack-outputs: %v", err)
	}
	var outputs []struct{ OutputKey, OutputValue string }
	if err := json.Unmarshal(text, &outputs); err != nil {
		t.Fatalf("sam list stack-outputs: %v", err)
	}
	for _, output := range outputs {
		if output.OutputKey == key {
			return output.OutputValue
		}
	}
	t.Fatalf("stack %s has no output %s", stack, key)
	return ""
}
