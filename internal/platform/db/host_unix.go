//go:build linux || darwin || freebsd || netbsd || openbsd

package db

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// lockName is the file in the data directory whose lock says that the directory is in use.
const lockName = "parkbrain.lock"

// holdDirectory takes the directory for this process until Close, or until the process ends in whatever way: the kernel
// gives the lock back even after kill -9, so a file that was left behind holds nobody off. The process number inside is
// only for the message.
func holdDirectory(dir string) (io.Closer, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, hostFault(err, path)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		held, _ := io.ReadAll(io.LimitReader(f, 32))
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fault.New(fault.Busy, KeyDirectoryHeld, "directory", dir, "pid", strings.TrimSpace(string(held)))
		}
		return nil, hostFault(err, path)
	}
	_ = f.Truncate(0)
	if _, err := fmt.Fprintln(f, os.Getpid()); err != nil {
		_ = f.Close()
		return nil, hostFault(err, path)
	}
	return f, nil
}

// freeBytes is the space that this process may still fill on the disk of dir.
func freeBytes(dir string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, hostFault(err, dir)
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}

func hostFault(err error, path string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Because(err, fault.Busy, KeyDiskFull, "directory", filepath.Dir(path), "free", 0, "need", minFree)
	}
	return fault.Because(err, fault.Invalid, KeyCannotOpen, "path", path)
}
