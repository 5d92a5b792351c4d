package job

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// childVariable holds the database of a test process that is a server to be killed.
const childVariable = "PARKBRAIN_JOB_TEST_CHILD"

// crashLease is short: the test waits for it in real time.
const crashLease = 400 * time.Millisecond

func TestMain(m *testing.M) {
	if address := os.Getenv(childVariable); address != "" {
		fmt.Println("child:", crashingServer(address))
		os.Exit(1) // only when it was not killed
	}
	os.Exit(m.Run())
}

// crashingServer begins a job, writes what it must not leave behind, and never ends by itself.
func crashingServer(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		return err
	}
	now := time.Now
	worker := NewWorker(d, Options{City: city, Name: "child", Now: now, Poll: poll, Lease: crashLease})
	worker.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) {
		return nil, d.Write(ctx, func(tx db.Writer) error {
			if err := putRow(ctx, tx, r.ID); err != nil {
				return err
			}
			if err := r.Complete(ctx, tx, nil); err != nil {
				return err
			}
			fmt.Println("begun", r.ID) // in the middle of the transaction
			select {}
		})
	}})
	worker.Start(ctx)
	s := Spec{City: city, ID: id.NewMaker(now, rand.Reader).New(), Kind: "x", At: now(), Key: "batch"}
	if err := d.Write(ctx, func(tx db.Writer) error { _, err := Enqueue(ctx, tx, s); return err }); err != nil {
		return err
	}
	select {}
}

// TestWorker_survivesKill kills a server (SIGKILL) in the middle of the transaction of a job. The next one runs the job
// again; what it wrote is there once.
func TestWorker_survivesKill(t *testing.T) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			address := dbtest.URL(t, e)
			jobID := killedChild(t, address)
			w := newWorld(t, dbtest.At(t, address))
			if j := w.get(jobID); j.State != Running || j.Worker != "child" || w.rows(jobID) != 0 {
				t.Errorf("after the kill: %+v, %d rows, want it running and nothing written", j, w.rows(jobID))
			}
			again := w.spec("x")
			again.Key = "batch"
			if got, err := w.tryEnqueue(again); got != jobID || err == nil {
				t.Errorf("Enqueue of its key = %s, %v, want that it exists", got, err)
			}
			worker := w.worker(w.db, Options{Now: time.Now, Lease: crashLease})
			worker.Register("x", Handler{Do: func(ctx context.Context, r *Run) (any, error) {
				return nil, w.db.Write(ctx, func(tx db.Writer) error {
					if err := putRow(ctx, tx, r.ID); err != nil {
						return err
					}
					return r.Complete(ctx, tx, "after all")
				})
			}})
			worker.Start(context.Background())
			j := w.untilState(jobID, Done)
			if j.Attempts != 2 || string(j.Result) != `"after all"` || w.rows(jobID) != 1 {
				t.Errorf("job = %+v, %d rows, want the second attempt and one row", j, w.rows(jobID))
			}
		})
	}
}

// killedChild gives the job that a child process had begun when it was killed.
func killedChild(t *testing.T, address string) (jobID string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), childVariable+"="+address)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(patience, func() { _ = child.Process.Kill() })
	lines := bufio.NewScanner(out)
	for jobID == "" && lines.Scan() {
		jobID, _ = strings.CutPrefix(lines.Text(), "begun ")
	}
	if err := child.Process.Kill(); err != nil { // SIGKILL on Unix
		t.Fatalf("Kill = %v", err)
	}
	if err := child.Wait(); err == nil || !id.Valid(jobID) {
		t.Fatalf("child = %v, said %q, want it killed in a job", err, jobID)
	}
	return jobID
}
