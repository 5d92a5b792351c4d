package httpserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// The time limits of a connection. Reading a body is bounded by the slowest office line that a 50 MB workbook should
// survive (about 1 Mbit/s); writing by the largest export.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 8 * time.Minute
	writeTimeout      = 10 * time.Minute
	idleTimeout       = 2 * time.Minute
	drainTimeout      = 10 * time.Second
)

// Run serves h on ln until ctx ends, then lets requests under way finish for at most ten seconds. It returns nil after an
// orderly end.
func Run(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    32 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	err := srv.Shutdown(drain)
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		return served
	}
	return err
}
