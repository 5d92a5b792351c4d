// Package forms carries the dictionary of fields and the forms that the product ships, one YAML file each. They are read and
// checked by internal/domain/form.
package forms

import "embed"

// FS holds dictionary.yaml and the forms.
//
//go:embed *.yaml
var FS embed.FS
