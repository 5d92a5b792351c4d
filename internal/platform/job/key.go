package job

import "github.com/parkbrain/parkbrain/internal/kit/fault"

// Message keys of the faults that this package returns or keeps with a job. Arguments in brackets.
const (
	KeyIncomplete = "job.incomplete" // Invalid [field]: a field of a Spec is empty, too long or cannot be stored
	KeyArgs       = "job.args"       // Invalid: the arguments are no JSON of the handler's type
	KeyArgsSize   = "job.args_size"  // Invalid [size, max] bytes: large input belongs in a file or a table
	KeyResult     = "job.result"     // Invalid [max] bytes: the result is no JSON or too large
	KeyExists     = "job.exists"     // Exists [kind, id]: a job of that kind and key is unfinished
	KeyNotFound   = "job.not_found"  // NotFound [id]
	KeyFinished   = "job.finished"   // Stale [id, state]: too late to cancel
	KeyCursor     = "job.cursor"     // Invalid: not a cursor that List gave
	KeyCanceled   = "job.canceled"   // Stale: somebody cancelled the job
	KeyLost       = "job.lost"       // Stale: the lease has ended; another server may run the job
	KeyStopping   = "job.stopping"   // Busy: the server stops; the job goes back to the queue
	KeyTimeout    = "job.timeout"    // Busy [seconds]: an attempt took longer than its handler allows
	KeyPanic      = "job.panic"      // Internal: the handler panicked
	KeyAbandoned  = "job.abandoned"  // Internal [attempts]: the job was begun that often and no server lived to end it
	KeyStuck      = "job.stuck"      // Busy [count]: handlers that did not return when the server stopped
)

// Why the context of a handler ended: context.Cause(ctx) is one of them, or KeyTimeout. Compare with errors.Is.
var (
	ErrCanceled = fault.New(fault.Stale, KeyCanceled)
	ErrLost     = fault.New(fault.Stale, KeyLost)
	ErrStopping = fault.New(fault.Busy, KeyStopping)
)
