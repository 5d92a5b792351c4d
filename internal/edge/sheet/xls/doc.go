// Package xls reads the cells of old Excel workbooks (.xls): BIFF8 of Excel 97–2003 and BIFF5 of Excel 5.0/95.
//
// It gives stored values as they stand in the file — numbers with their number format, texts, truth values, error values —
// with their place and whether a formula computed them, and the merged ranges. It knows nothing of headers, dates or units;
// package sheet makes rows of the cells. Styles, charts, macros and links are not read.
//
//	b, err := xls.Open(r, size, xls.Limits{File: "form.xls"})
//	s, err := b.Read(ctx, 0)
//	for _, c := range s.Cells {
//		…
//	}
//
// The container is read with github.com/richardlehane/mscfb. The libraries for the cells that exist trust the lengths in the
// file, panic on damage and hide formulas, so the few records that hold values are read here, each within its bounds.
//
// Source: [MS-XLS] 2.4 (records), 2.5.122 (RkNumber), 2.5.293 (XLUnicodeRichExtendedString); [MS-CFB].
package xls
