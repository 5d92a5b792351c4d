package sheet

import "github.com/xuri/excelize/v2"

// made is what a workbook of ours says of itself, instead of what the library writes into every one.
var made = excelize.DocProperties{Creator: "parkbrain", LastModifiedBy: "parkbrain", Created: "2025-01-01T00:00:00Z", Modified: "2025-01-01T00:00:00Z"}

// NewBook begins a workbook of ours. Its properties bear no day, so that the same content is the same file.
func NewBook() (*excelize.File, error) {
	f := excelize.NewFile()
	return f, f.SetDocProps(&made)
}
