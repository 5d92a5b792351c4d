// Package job does work later, for certain: a job (后台任务) is enqueued in the transaction of its cause, so that there is
// never the one without the other, and is run by a Worker of any server until it is done, refused or cancelled.
//
//	err := d.Write(ctx, func(w db.Writer) error {
//		if err := batch.Stage(ctx, w, b); err != nil {
//			return err
//		}
//		_, err := job.Enqueue(ctx, w, job.Spec{City: city, ID: ids.New(), Kind: "import.commit", Key: b.ID,
//			Args: commitArgs{Batch: b.ID}, Actor: user, At: now()})
//		return err
//	})
//
//	jobs := job.NewWorker(d, job.Options{City: city, Name: host, Now: now})
//	jobs.Register("import.commit", job.Handler{Do: commit})
//	jobs.Start(ctx)
//	defer jobs.Stop(ctx)
//
// # What is promised
//
// At least once. A job that was begun on a server that died, or that was cut off from the database, is begun again by
// another when its lease has ended. A handler must therefore be idempotent: running it again after it got anywhere must
// end the same way. What a handler writes to this database it can make exactly once, by calling Run.Complete in the very
// transaction that writes it: the job is done, or the work is not there.
//
// Never twice at once. Of one kind and Key at most one job is unfinished; of one Lane at most one job is running, on all
// servers together. Both are unique indexes, not only care. A server that cannot prolong a lease cancels its handler a
// quarter of the lease before others may take over; a handler that goes on in spite of that is refused by Run.Fence and
// Run.Complete. What it does elsewhere (files, mail) nobody can take back. The clocks of the servers must agree to within
// a quarter of the lease.
//
// A cancel leaves nothing behind, when the handler commits through Run.Complete: either the cancel came first and
// Complete refuses, or the commit came first and Cancel says that the job has finished.
//
// It is not a scheduler of recurring work and not a message bus. The queue is two tables written with the same portable
// statements on both engines (docs/adr/0008 compares libraries). The claim by one UPDATE over a sub-select follows goqite
// (Markus Wüstenberg), completion inside the work's transaction follows River (Brandur Leach, Blake Gentry), the fencing
// number follows Martin Kleppmann's "How to do distributed locking" (2016).
package job
