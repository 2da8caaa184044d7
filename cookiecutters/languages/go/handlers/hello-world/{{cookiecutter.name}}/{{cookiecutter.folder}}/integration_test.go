package main

import "testing"

func TestDeployedStack(t *testing.T) {
	if got, want := fetch(t, deployedURL(t)), `{"message":"hello world"}`; got != want {
		t.Errorf("body = %s, want %s", got, want)
	}
}
