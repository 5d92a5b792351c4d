// Package cluster starts a private, throw-away PostgreSQL server for tests. Nothing of it is safe for data: it does not
// wait for the disk. It listens on a unix socket in its own directory and on no network address.
//
//	c, err := cluster.Start()
//	defer c.Stop()
//	db.Open(ctx, c.URL, db.Options{})
package cluster

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Remedy says what to install when ErrNone is returned.
const Remedy = "install PostgreSQL (Debian: apt-get install postgresql; its initdb is then found under /usr/lib/postgresql), " +
	"or set PARKBRAIN_TEST_PG to the postgres:// address of a server where databases may be created"

// ErrNone means that no PostgreSQL programs were found on this machine.
var ErrNone = errors.New("no PostgreSQL found: " + Remedy)

// Cluster is a running server.
type Cluster struct {
	URL   string // of its database "postgres"; the user may create databases
	stdin io.Closer
	cmd   *exec.Cmd
}

// script runs the server until its standard input ends, which also happens when the starting process is killed, and then
// removes the directory: no server outlives its tests. Its queue of connections is twice max_connections long: a test gives up
// hundreds in a row while a busy machine has not looked at them yet.
const script = `"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
	-c full_page_writes=off -c max_connections=1000 -c shared_buffers=128MB -c autovacuum=off -c log_min_messages=fatal \
	>"$2/log" 2>&1 &
server=$!
trap '' INT TERM HUP
read -r _
kill -INT $server
wait $server
rm -rf "$2"`

// Start makes and starts a cluster. It takes about two seconds. As root it runs the server as the user postgres (or
// nobody), because PostgreSQL refuses root.
func Start() (*Cluster, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	as, err := serverUser()
	if err != nil {
		return nil, err
	}
	dir, err := directory(as)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust",
		"--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(dir))
	}
	cmd := exec.Command("/bin/sh", "-c", script, "sh", bin, dir)
	cmd.SysProcAttr, cmd.Dir = as, dir
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	query := url.Values{"host": {dir}, "user": {"postgres"}, "sslmode": {"disable"}}
	c := &Cluster{URL: "postgres:///postgres?" + query.Encode(), stdin: stdin, cmd: cmd}
	if err := ready(bin, dir); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return nil, errors.Join(fmt.Errorf("%w: %s", err, log), c.Stop())
	}
	return c, nil
}

// Stop ends the server and removes its directory.
func (c *Cluster) Stop() error {
	return errors.Join(c.stdin.Close(), c.cmd.Wait())
}

// ready waits until the server answers.
func ready(bin, dir string) error {
	for range 200 {
		if exec.Command(filepath.Join(bin, "pg_isready"), "-q", "-h", dir).Run() == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the PostgreSQL server did not answer within 10 s")
}

// find gives the directory of the server's programs: of PATH, or the newest that Debian installed.
func find() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", ErrNone
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return release(a) - release(b) })
	return filepath.Dir(newest), nil
}

func release(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// serverUser gives the attributes of the server's process: its own group, so that the terminal's Ctrl-C reaches only the
// tests, and a user who is not root.
func serverUser() (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, errors.Join(err1, err2)
}

// memory is a file system in memory that most Linux machines have. Copying a template database there takes 12 ms; on a
// disk it took 210 ms, for its thousand small files.
const memory = "/dev/shm"

// directory makes the cluster's directory: in memory where there is room, otherwise under /tmp, because a socket's path
// may be 107 bytes long at most and because the server's user must be able to reach it.
func directory(as *syscall.SysProcAttr) (string, error) {
	parent := "/tmp"
	if roomy(memory) {
		parent = memory
	}
	dir, err := os.MkdirTemp(parent, "parkbrain-pg-")
	if err != nil || as.Credential == nil {
		return dir, err
	}
	return dir, os.Chown(dir, int(as.Credential.Uid), int(as.Credential.Gid))
}

// roomy says whether dir is writable and has space for the largest tests at once.
func roomy(dir string) bool {
	const need = 2 << 30
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil || uint64(s.Bavail)*uint64(s.Bsize) < need {
		return false
	}
	return syscall.Access(dir, 2|1) == nil // W_OK and X_OK of access(2)
}
