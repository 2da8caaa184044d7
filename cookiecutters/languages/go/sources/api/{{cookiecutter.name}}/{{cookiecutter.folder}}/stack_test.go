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

// deployedURL returns the URL of the API of the stack named AWS_SAM_STACK_NAME, with the SAM CLI's credentials and region.
func deployedURL(t *testing.T) string {
	t.Helper()
	stack := os.Getenv("AWS_SAM_STACK_NAME")
	if stack == "" {
		t.Skip("set AWS_SAM_STACK_NAME to test the deployed stack")
	}
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
		if output.OutputKey == "{{ cookiecutter.function_pascal }}Api" {
			return output.OutputValue
		}
	}
	t.Fatalf("stack %s has no output {{ cookiecutter.function_pascal }}Api", stack)
	return ""
}

// send returns the status and the body of the response to a request.
func send(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
