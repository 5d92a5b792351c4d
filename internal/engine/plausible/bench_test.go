package plausible

import (
	"runtime"
	"testing"
)

// BenchmarkFind is a whole city: 20,000 entities × 36 months × 4 fields and a running total, on one core.
// Its budget is 2 s.
func BenchmarkFind(b *testing.B) {
	in := makeCity(1, BackTestOptions{Entities: 20_000}.filled()).input()
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := Find(b.Context(), in, Default()); err != nil {
			b.Fatal(err)
		}
	}
}
