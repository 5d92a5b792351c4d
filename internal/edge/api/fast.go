package api

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"

	"github.com/danielgtaylor/huma/v2"
)

// appender is a body that writes itself: one so long that encoding it by reflection takes most of the request.
type appender interface {
	appendJSON(b []byte) ([]byte, error)
}

// formats are huma's, with bodies that write themselves left alone.
func formats(in map[string]huma.Format) map[string]huma.Format {
	out := maps.Clone(in)
	for _, name := range []string{"application/json", "json"} {
		f := out[name]
		marshal := f.Marshal
		f.Marshal = func(w io.Writer, v any) error {
			one, ok := v.(appender)
			if !ok {
				return marshal(w, v)
			}
			b, err := one.appendJSON(nil)
			if err != nil {
				return err
			}
			_, err = w.Write(b)
			return err
		}
		out[name] = f
	}
	return out
}

// appendJSON writes what encoding/json writes; a thousand lines of a dozen marks are written by hand.
func (g PipelineGantt) appendJSON(b []byte) ([]byte, error) {
	items := g.Items
	g.Items = []PipelineLine{}
	around, err := json.Marshal(g)
	if err != nil {
		return nil, err
	}
	before, after, _ := bytes.Cut(around, []byte(`"items":[]`)) // inside of a text its quotes would be escaped
	size := len(around)
	for i := range items {
		size += 400 + 60*len(items[i].Marks)
	}
	b = append(append(append(make([]byte, 0, size), b...), before...), `"items":[`...)
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = items[i].append(b)
	}
	return append(append(b, ']'), after...), nil
}

func (l *PipelineLine) append(b []byte) []byte {
	for i, field := range [...]struct{ name, text string }{{"kind", l.Kind}, {"id", l.ID}, {"name", l.Name}, {"park_name", l.ParkName}, {"org_name", l.OrgName},
		{"org_name_en", l.OrgNameEN}, {"officer", l.Officer}, {"light", l.Light}} {
		b = append(b, "{,"[min(i, 1)], '"')
		b = appendText(append(append(b, field.name...), '"', ':'), field.text)
	}
	b = append(b, `,"suspended":`...)
	if l.Suspended {
		b = append(b, "true"...)
	} else {
		b = append(b, "false"...)
	}
	b = appendText(append(b, `,"ended":`...), l.Ended)
	return append(l.Marks.append(append(b, `,"marks":`...)), '}')
}

// appendText writes a JSON text.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a text always marshals
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
