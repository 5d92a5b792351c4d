// Command withpg runs another command with a throw-away PostgreSQL server at its side, so that the tests of all packages
// share one:
//
//	go run ./internal/platform/db/dbtest/withpg -- go test ./...
//
// The command finds the server's address in PARKBRAIN_TEST_PG. A variable that is already an address is left alone.
// Without PostgreSQL on the machine it fails when the variable is "require", and otherwise runs the command without.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest/cluster"
)

const variable = "PARKBRAIN_TEST_PG"

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpg -- command [arguments]")
		os.Exit(2)
	}
	os.Exit(run(args))
}

func run(args []string) int {
	wish := os.Getenv(variable)
	if !strings.HasPrefix(wish, "postgres") {
		c, err := cluster.Start()
		switch {
		case err == nil:
			defer func() {
				if err := c.Stop(); err != nil {
					fmt.Fprintln(os.Stderr, "withpg: stop:", err)
				}
			}()
			wish = c.URL
		case errors.Is(err, cluster.ErrNone) && wish != "require":
			fmt.Fprintln(os.Stderr, "withpg: the tests on PostgreSQL are skipped:", err)
		default:
			fmt.Fprintln(os.Stderr, "withpg:", err)
			return 1
		}
	}
	return child(args, wish)
}

// child runs the command and gives its exit code. Signals from the terminal reach it directly; this process only waits.
func child(args []string, address string) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), variable+"="+address)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
		return 1
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s)
		case err := <-done:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return max(exit.ExitCode(), 1)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, "withpg:", err)
				return 1
			}
			return 0
		}
	}
}
