// Package tenancy is an enterprise's presence in a park (入驻) with the history of its stages.
//
// A tenancy passes through stages: intent 意向, framework 框架协议, signed 签约, handed over 交付, fitting out 装修, trial 试产,
// production 投产, at capacity 达效, enrolled 纳统, expanding 增资扩产, and cleared 清退. Each stage has its own dates and
// they are never one field: a published "57" turned out to be 33 producing and 24 fitting out. That a tenancy entered a
// stage may be said in four ways, which stand beside each other: planned, claimed (by whoever runs or uses the park),
// deemed (by a rule, such as hand-over plus six months) and verified (by evidence). History is only ever appended to; a
// correction is a further entry of the same stage and way, and the latest counts.
//
// Which date a count uses is one rule, Used: the verified one, else the claimed, else the deemed; a plan never counts.
//
// It is not the enterprise (see domain/enterprise), not a lease and not a promise of output or tax. Whether an enterprise
// was above scale elsewhere in the city before is the flag Relocated: it never counts as newly enrolled.
//
//	t, err := tenancy.Get(ctx, r, scope, id)
//	e, ok := tenancy.Used(t.Entries, tenancy.Production) // e.Day, e.Way, e.Nature, e.Source
//	_, err = tenancy.Enter(ctx, w, act, id, t.Version, tenancy.Entry{Stage: tenancy.Signed, Way: tenancy.Claimed, Day: 20240506, …})
//
//	stage.go    Stage, Way          store.go  List, Get: reading, always scoped
//	tenancy.go  Tenancy, Entry      write.go  Add, AddMany, Enter
//	used.go     Used, Current, Home feed.go   EachRow: feed of the panel
//
// Who sees a tenancy: the office at whose org, or above it, the park reports; the enterprise itself; nobody else.
// Tables: tenancy, tenancy_stage.
package tenancy
