package refdata

import (
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v4"
)

// Source says where a table comes from.
type Source struct {
	File    string `yaml:"file"` // path below this folder
	Title   string `yaml:"title"`
	Issuer  string `yaml:"issuer"`
	Number  string `yaml:"number"` // of the standard or the notice; "each row" where the rows name theirs
	Date    string `yaml:"date"`   // issued, or of the latest row
	InForce string `yaml:"in_force"`
}

// Sources lists the origin of every table of codes and cities.
func Sources() ([]Source, error) {
	var doc struct {
		Tables []Source `yaml:"tables"`
	}
	err := readYAML(files, "sources.yaml", &doc)
	return doc.Tables, err
}

// readYAML reads one document and refuses keys that into does not have.
func readYAML(fsys fs.FS, file string, into any) error {
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("refdata: %w", err)
	}
	if err := yaml.Load(b, into, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return fmt.Errorf("refdata: %s: %w", file, err)
	}
	return nil
}
