// Package sheettest holds what the fuzz targets of the readers share. Only tests import it.
package sheettest

import (
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

// MaxMemory is what reading any file may take of memory, fuzzing itself included.
const MaxMemory = 512 << 20

// Bounded makes a fuzz target fail that takes more memory than MaxMemory. It is called once by the target; what it returns is
// called at the end of each run. The collector is told the limit, so that only what is really held counts.
func Bounded(f *testing.F) (check func(*testing.T)) {
	f.Helper()
	debug.SetMemoryLimit(MaxMemory)
	return func(t *testing.T) {
		t.Helper()
		if held := Held(); held > MaxMemory {
			t.Fatalf("%d MiB of memory are held, want at most %d", held>>20, MaxMemory>>20)
		}
	}
}

// Held is the memory that the process holds of the system, without what it has given back.
func Held() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}
