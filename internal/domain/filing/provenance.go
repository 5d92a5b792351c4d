package filing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// CellDiff is a cell that differs from what was approved. An unknown value is "".
type CellDiff struct {
	Key      string
	Field    form.Code
	Approved string
	Now      string
	Who      string // who made it what it is now
	At       time.Time
	Origin
}

// versionColumns are what recordColumns are made of.
const versionColumns = `row_key, version, filing_version, cells, gone, nature, way, recorder, at, batch, file_no, row_no`

// maxDiffs bounds the cells of one answer, and the record versions that are read for it.
const maxDiffs = 20_000

// Differs lists the cells that differ from what was approved last, by key and field; none where nothing ever was. Of very
// many the first. Errors: as Get.
func Differs(ctx context.Context, r db.Reader, s auth.Scope, ref Ref) ([]CellDiff, error) {
	const op = "filing.Differs"
	f, err := find(ctx, r, s, ref)
	if err != nil || f.ApprovedVersion == 0 || f.ApprovedVersion == f.Version {
		return nil, fault.Wrap(op, err)
	}
	versions, err := db.Collect(ctx, r, newRecord, `SELECT `+recordColumns+` FROM (
			SELECT `+versionColumns+` FROM filing_record WHERE `+ofRef+` AND filing_version > $6
			UNION ALL SELECT `+versionColumns+` FROM filing_past p WHERE `+ofRef+`
				AND EXISTS (SELECT 1 FROM filing_record r WHERE r.city = $1 AND r.subject_kind = $2 AND r.subject = $3 AND r.form = $4
					AND r.period = $5 AND r.row_key = p.row_key AND r.filing_version > $6)
		) v ORDER BY row_key, version LIMIT $7`, append(ref.args(s.City), f.ApprovedVersion, maxDiffs)...)
	if err != nil {
		return nil, fault.Wrap(op, err)
	}
	var out []CellDiff
	for len(versions) > 0 {
		n := slices.IndexFunc(versions, func(v Record) bool { return v.Key != versions[0].Key })
		if n < 0 {
			n = len(versions)
		}
		out = append(out, diffs(versions[:n], f.ApprovedVersion)...)
		versions = versions[n:]
	}
	return out[:min(len(out), maxDiffs)], nil
}

// diffs compares the last of a record's versions with the one that stood when the filing was approved.
func diffs(versions []Record, approved int64) (out []CellDiff) {
	var then Cells
	at := map[form.Code]CellOrigin{}
	for i, v := range versions {
		if v.FilingVersion <= approved {
			then = v.Cells
		}
		var was Cells
		if i > 0 {
			was = versions[i-1].Cells
		}
		for _, c := range changes(was, v.Cells) {
			at[c.Field] = CellOrigin{Who: v.Recorder, At: v.At, Origin: v.Origin}
		}
	}
	last := versions[len(versions)-1]
	for _, c := range changes(then, last.Cells) {
		from := at[c.Field]
		out = append(out, CellDiff{Key: last.Key, Field: c.Field, Approved: c.Before, Now: c.After, Who: from.Who, At: from.At, Origin: from.Origin})
	}
	return out
}

// CellChange is one cell before and after. An unknown value is "".
type CellChange struct {
	Field         form.Code
	Before, After string
}

// changes lists the cells that differ, by field.
func changes(before, after Cells) (out []CellChange) {
	for code, text := range after {
		if before[code] != text {
			out = append(out, CellChange{code, before[code], text})
		}
	}
	for code, text := range before {
		if _, still := after[code]; !still {
			out = append(out, CellChange{code, text, ""})
		}
	}
	slices.SortFunc(out, func(a, b CellChange) int { return strings.Compare(a.Field, b.Field) })
	return out
}

// CellOrigin says where a cell's present value came from.
type CellOrigin struct {
	Value   string
	Who     string
	At      time.Time
	Version int64 // of the record, when the cell became what it is
	Origin
}

// RecordVersion is one version of a record with what it changed.
type RecordVersion struct {
	Version int64
	Who     string
	At      time.Time
	Origin
	Gone    bool // the row was removed
	Changes []CellChange
}

// Origins is a record's cells with where they came from, and its versions, oldest first.
type Origins struct {
	Cells   map[form.Code]CellOrigin // of the cells that are known now
	History []RecordVersion
}

// Provenance gives the origins of one record. Of very many versions the latest are read. Errors: as Get; NotFound
// "filing.no_record" (argument key).
func Provenance(ctx context.Context, r db.Reader, s auth.Scope, ref Ref, key string) (Origins, error) {
	o, err := provenance(ctx, r, s, ref, key)
	return o, fault.Wrap("filing.Provenance", err)
}

// maxVersions bounds the versions of one record that are read.
const maxVersions = 1000

func provenance(ctx context.Context, r db.Reader, s auth.Scope, ref Ref, key string) (o Origins, err error) {
	if _, err := find(ctx, r, s, ref); err != nil {
		return o, err
	}
	if err := page.Clean(key); err != nil {
		return o, err
	}
	versions, err := db.Collect(ctx, r, newRecord, `SELECT `+recordColumns+` FROM (
			SELECT `+versionColumns+` FROM filing_record WHERE `+ofRef+` AND row_key = $6
			UNION ALL SELECT `+versionColumns+` FROM filing_past WHERE `+ofRef+` AND row_key = $6
		) v ORDER BY version DESC LIMIT $7`, append(ref.args(s.City), key, maxVersions)...)
	if err != nil {
		return o, err
	}
	if len(versions) == 0 {
		return o, fault.New(fault.NotFound, "filing.no_record", "key", key)
	}
	slices.Reverse(versions)
	o.Cells = map[form.Code]CellOrigin{}
	var was Cells
	for _, v := range versions {
		h := RecordVersion{Version: v.Version, Who: v.Recorder, At: v.At, Origin: v.Origin, Gone: v.Gone, Changes: changes(was, v.Cells)}
		for _, c := range h.Changes {
			o.Cells[c.Field] = CellOrigin{Value: c.After, Who: v.Recorder, At: v.At, Version: v.Version, Origin: v.Origin}
			if c.After == "" {
				delete(o.Cells, c.Field)
			}
		}
		o.History = append(o.History, h)
		was = v.Cells
	}
	return o, nil
}
