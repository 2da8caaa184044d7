package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, target string) *httptest.ResponseRecorder {
	t.Helper()
	recorder := httptest.NewRecorder()
	routes().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))
	return recorder
}

func TestTheSampleEventAsksForAGreeting(t *testing.T) {
	file, err := os.ReadFile("../{{ cookiecutter.events }}/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var event struct {
		RawPath string `json:"rawPath"`
	}
	if err := json.Unmarshal(file, &event); err != nil {
		t.Fatal(err)
	}

	response := get(t, event.RawPath)

	if want := `{"message":"hello Ada"}` + "\n"; response.Body.String() != want {
		t.Errorf("got %s, want %s", response.Body, want)
	}
}

func TestGreets(t *testing.T) {
	for _, name := range []string{"Ada", "Zoë", "a b", strings.Repeat("😀", 100)} {
		response := get(t, "/greetings/"+url.PathEscape(name))

		if response.Code != http.StatusOK || response.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %v", name, response.Code, response.Header())
		}
		if want := `{"message":"hello ` + name + `"}` + "\n"; response.Body.String() != want {
			t.Errorf("got %s, want %s", response.Body, want)
		}
	}
}

func TestRefusesAMalformedName(t *testing.T) {
	for _, name := range []string{strings.Repeat("x", 101), "%ff"} {
		if response := get(t, "/greetings/"+name); response.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, response.Code)
		}
	}
}

func TestKnowsNoOtherPath(t *testing.T) {
	for _, path := range []string{"/", "/greetings", "/greetings/", "/greetings/a/b"} {
		if response := get(t, path); response.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, response.Code)
		}
	}
}

func TestIsHealthyUntilItIsStopped(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- run(ctx, listener) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listener.Addr().String()+"/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%d %v", response.StatusCode, err)
	}

	stop()

	select {
	case err := <-stopped:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not stop")
	}
}
