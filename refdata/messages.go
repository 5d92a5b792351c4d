package refdata

import (
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/message"
)

// DefaultLanguage is the language of people who ask for none that the catalogue has.
const DefaultLanguage = "zh-CN"

var catalogue = sync.OnceValues(func() (*message.Catalogue, error) { return readCatalogue(files) })

// Catalogue is the message catalogue of messages/*.yaml, checked: every language has every key with the same placeholders.
func Catalogue() (*message.Catalogue, error) { return catalogue() }

// Messages is every text of one language by its key. Error kind NotFound, key "language.not_found". The caller owns the map.
func Messages(lang string) (map[string]string, error) {
	texts, err := readMessages(files)
	if err != nil {
		return nil, err
	}
	m, ok := texts[lang]
	if !ok {
		return nil, fault.New(fault.NotFound, "language.not_found", "lang", lang)
	}
	return maps.Clone(m), nil
}

func readCatalogue(fsys fs.FS) (*message.Catalogue, error) {
	texts, err := readMessages(fsys)
	if err != nil {
		return nil, err
	}
	return message.New(DefaultLanguage, texts)
}

// readMessages reads language → key → text; a file is named after its language.
func readMessages(fsys fs.FS) (map[string]map[string]string, error) {
	names, err := fs.Glob(fsys, "messages/*.yaml")
	if err != nil {
		return nil, err
	}
	texts := make(map[string]map[string]string, len(names))
	for _, name := range names {
		var m map[string]string
		if err := readYAML(fsys, name, &m); err != nil {
			return nil, err
		}
		texts[strings.TrimSuffix(path.Base(name), ".yaml")] = m
	}
	return texts, nil
}
