// Command {{ cookiecutter.function }} is a web server, which knows nothing of Lambda.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
	"unicode/utf8"
)

const (
	address         = ":8000"
	maxNameLength   = 100
	shutdownTimeout = 10 * time.Second
)

type greeting struct {
	Message string `json:"message"`
}

// routes returns the handler of all requests.
func routes() http.Handler {
	mux := http.NewServeMux()
	// The Lambda Web Adapter and load balancers check this path.
	mux.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /greetings/{name}", greet)
	return mux
}

func greet(response http.ResponseWriter, request *http.Request) {
	name := request.PathValue("name")
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxNameLength {
		problem := fmt.Sprintf("the name must be UTF-8 with at most %d characters", maxNameLength)
		http.Error(response, problem, http.StatusBadRequest)
		return
	}
	response.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(response).Encode(greeting{Message: "hello " + name}); err != nil {
		slog.ErrorContext(request.Context(), "response not written", "error", err)
	}
}

// run serves requests until ctx is done. Fargate and Docker send SIGTERM before they kill a container.
func run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		// Load balancers keep idle connections for 60 seconds; the server has to keep them longer.
		IdleTimeout: 75 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Finish the requests in progress.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return server.Shutdown(ctx)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err == nil {
		err = run(ctx, listener)
	}
	if err != nil {
		slog.Error("server failed", "error", err)
		os.Exit(1)
	}
}
