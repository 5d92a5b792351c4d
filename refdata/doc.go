// Package refdata is the reference data that the binary carries: codes of national standards, the facts of a city that
// public sources state, and the texts of messages. Each table says who issued it (sources.yaml), each row of a city who
// said so.
//
// It is not a database and not a place for what users record: it is read once, into the ledger or into memory, and never
// written. It knows no noun: it returns typed rows of text, and the nouns judge them by their own rules.
//
//	city, err := refdata.LoadCity("350500")
//	for _, p := range city.Parks {
//		area, ok := p.Cells["land_area"].Canonical() // m²; ok is false where nobody stated it
//	}
//
// README.md describes the formats and how to add a city.
package refdata

import "embed"

//go:embed sources.yaml codes cities messages
var files embed.FS
