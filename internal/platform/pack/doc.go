// Package pack reads packs (规则包): versioned YAML documents of rules — a form, a lifecycle, a template of lights, a
// province's conditions — that are written by people and shipped with the product or put in by a city. Whoever wrote one is
// told all that is wrong with it at once, each problem with its line.
//
// It knows no noun: what stands in a pack, and what may be wrong with it beyond its YAML, is the noun's. It is no
// expression language (engine/rule) and keeps no versions; Shelf keeps what a noun made of them.
//
//	var raw struct {
//		Name pack.Text `yaml:"name"`
//	}
//	doc, err := pack.Read(body, &raw)
//	if err != nil {
//		return nil, err
//	}
//	if raw.Name.Flaw(maxName) != "" {
//		doc.Say(fault.New(fault.Invalid, "light.bad_text"), "name")
//	}
//	return doc.Err()
package pack
