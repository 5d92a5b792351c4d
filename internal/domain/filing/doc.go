// Package filing is what an enterprise files for a month (填报): output, revenue, tax, jobs, electricity, investment.
//
// A value is one number of one field, enterprise and month, in the field's canonical unit, with its nature and source. It
// is filed by the enterprise; where it is counted to (park, org) is not a part of it but follows from the enterprise's
// tenancies in that month (tenancy.Home). A value that is wrong is corrected with a reason: the version rises, and before
// and after stand in the audit trail. Nobody but the enterprise itself corrects what it declared: an office that knows
// better says so in a figure of its own nature, not in the enterprise's.
//
// It is not a form, not an approval and not a closed month. A month that was not filed is missing, not zero.
//
//	n, err := filing.AddMany(ctx, w, act, slices.Values(values))
//	values, next, err := filing.Values(ctx, r, scope, filing.Query{Enterprise: id, Fields: []filing.Field{filing.Output}})
//	err = filing.EachRow(ctx, r, city, filing.Only{}, []filing.Field{filing.Output}, func(row *filing.PanelRow) error { … })
//
//	filing.go  Field, Value       store.go  Values: reading, always scoped
//	write.go   AddMany, Correct   feed.go   EachRow: feed of the panel; touches
//
// Who sees a value: whoever sees the enterprise (see domain/enterprise). Table: filing_value.
package filing
