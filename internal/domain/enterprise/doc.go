// Package enterprise is the register of legal entities (企业): credit code, name over time, where it is registered, industry.
//
// An enterprise is known by its unified social credit code (统一社会信用代码), which is checked and never changes; its name
// changes, and the former ones keep the day from which they held. It is registered under one org; it may sit in the parks
// of others. It is not a tenancy: where it is, since when and how far along (入驻, 装修, 投产) is the tenancy's history.
// It is not a return either: output, tax and jobs are filings.
//
// Who sees an enterprise: an office, when it is registered at or below the office's org or has a tenancy in a park there;
// an enterprise's own account, itself; nobody else.
//
//	items, next, err := enterprise.List(ctx, r, scope, enterprise.Query{Industry: "19", Text: "鞋"})
//	err = enterprise.Rename(ctx, w, act, enterprise.Renaming{ID: id, Version: 1, Name: "…", Since: 20240501, Source: "…"})
//
//	enterprise.go  Enterprise, Names      store.go  List, Get: reading, always scoped
//	write.go       Add, AddMany, Rename   facts.go  EachFacts, Visible: for indicators and other nouns
//
// Tables: enterprise, enterprise_name; List also reads tenancy, tenancy_stage, park and org to say where an enterprise is.
package enterprise
