// Package value reads what people type into cells — numbers, dates, codes, yes and no — in the many ways in which they type
// them, and says what it did to every one.
//
// It accepts only what has one meaning: full-width digits, thousands separators, units behind the number (3.5亿元), 2006.03,
// 2024年3月, dates of the Republic's years (民国112年), day numbers of a spreadsheet. What has two meanings is refused with both:
// 03/04/2024, 2024.1 (January, or October that lost its zero), 3.5万 in a column of 万元. 1-1-1900 is never a date. What a
// column uses for "unknown" is what its Spec names, and becomes unknown, not zero and not an error.
//
// It does not know fields, files or places; package mapping says which cell is what.
//
//	v, err := value.Read("3.5亿元", value.Spec{Kind: value.Quantity, Unit: "万元"})
//	// v.Text = "3.5", v.Unit = "亿元", v.Trace = [unit_in_cell]
package value
