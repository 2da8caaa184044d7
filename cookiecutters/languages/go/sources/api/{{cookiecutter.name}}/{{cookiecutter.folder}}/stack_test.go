package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
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

// fetch returns the body that a URL answers with, whose status must be 200.
func fetch(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
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
	return string(body)
}
