package pack

import (
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// File is one pack of a folder.
type File struct {
	Name string
	Body []byte
}

// Files gives every *.yaml of a folder, by name. Errors: those of fsys, kind Internal.
func Files(fsys fs.FS) ([]File, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fault.Wrap("pack.Files", err)
	}
	files := make([]File, len(names))
	for i, name := range names {
		if files[i].Body, err = fs.ReadFile(fsys, name); err != nil {
			return nil, fault.Wrap("pack.Files", err)
		}
		files[i].Name = name
	}
	return files, nil
}

// Strict reads one YAML document into a struct and refuses keys that it does not have, and keys that are there twice. The
// error is the YAML reader's.
func Strict(body []byte, into any) error {
	return yaml.Load(body, into, yaml.WithKnownFields(), yaml.WithUniqueKeys())
}

// Document is a pack that was read, with what was found wrong with it since. It is used by one goroutine.
type Document struct {
	root   yaml.Node
	faults Faults
}

// Read reads a pack as Strict does and keeps where everything stands. The caller bounds its length before.
//
// Errors: Faults, one for each thing that the YAML reader refuses, with the argument "line", 0 where it names none; kind
// Invalid, keys "pack.unknown_key", "pack.twice", "pack.wrong_kind" (about), "pack.wrong_shape", "pack.several", "pack.empty" and
// "pack.syntax". The reader's own words, which are English, are the cause.
func Read(body []byte, into any) (*Document, error) {
	d := &Document{}
	err := Strict(body, into)
	if err == nil {
		err = yaml.Load(body, &d.root)
	}
	if err == nil {
		return d, nil
	}
	return nil, refusals(err)
}

// Say notes a fault at the line of a place: keys (string) and indices (int) from the root, followed as far as they are
// there. The line of a value is its key's. It becomes the argument "line" of f, which the document owns from now on.
func (d *Document) Say(f *fault.Fault, path ...any) {
	_, line := d.find(path)
	d.say(f, line)
}

// SayWithin is Say for a place within a text: line counts from 1 in it, and from its first line where the text is a block
// that begins below its key.
func (d *Document) SayWithin(line int, f *fault.Fault, path ...any) {
	n, above := d.find(path)
	if line > 0 && n.Style&yaml.LiteralStyle != 0 {
		above += line
	}
	d.say(f, above)
}

func (d *Document) say(f *fault.Fault, line int) {
	if f.Args == nil {
		f.Args = map[string]any{}
	}
	f.Args["line"] = line
	d.faults = append(d.faults, f)
}

// Sound says that nothing was found wrong so far.
func (d *Document) Sound() bool { return len(d.faults) == 0 }

// Err gives all that was said, as Faults in the order of their lines; nil for nothing.
func (d *Document) Err() error {
	if d.Sound() {
		return nil
	}
	slices.SortStableFunc(d.faults, func(a, b *fault.Fault) int { return LineOf(a) - LineOf(b) })
	return d.faults
}

// find gives the deepest node of a path that is there, and its line.
func (d *Document) find(path []any) (*yaml.Node, int) {
	n := &d.root
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	line := n.Line
	for _, step := range path {
		next, above := child(n, step)
		if next == nil {
			break
		}
		n, line = next, above
	}
	return n, line
}

// child gives what stands below a node at a key or an index, and its line or that of its key; nil for nothing.
func child(n *yaml.Node, step any) (next *yaml.Node, line int) {
	switch step := step.(type) {
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				next, line = n.Content[i+1], n.Content[i].Line
			}
		}
	case int:
		if n.Kind == yaml.SequenceNode && step < len(n.Content) {
			next, line = n.Content[step], n.Content[step].Line
		}
	}
	return next, line
}
