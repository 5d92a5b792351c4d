package xls

import "encoding/binary"

// record is one piece of the stream: a kind and at most 65,535 bytes.
type record struct {
	kind int
	data []byte
	end  int // of the record in the stream
}

// u16 and u32 read numbers; what lies beyond the record's end is 0.
func (r record) u16(at int) int {
	if at+2 > len(r.data) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(r.data[at:]))
}

func (r record) u32(at int) uint32 {
	if at+4 > len(r.data) {
		return 0
	}
	return binary.LittleEndian.Uint32(r.data[at:])
}

// walk goes through the records of a stream.
type walk struct {
	data []byte
	at   int
}

// next gives the next record. ok is false at the end, also when the last record is cut off.
func (w *walk) next() (r record, ok bool) {
	const head = 4
	if w.at < 0 || w.at+head > len(w.data) {
		return record{}, false
	}
	kind := int(binary.LittleEndian.Uint16(w.data[w.at:]))
	size := int(binary.LittleEndian.Uint16(w.data[w.at+2:]))
	from := w.at + head
	if from+size > len(w.data) {
		return record{}, false
	}
	w.at = from + size
	return record{kind, w.data[from:w.at:w.at], w.at}, true
}

// continued gives the record's data and that of the CONTINUE records after it.
func (w *walk) continued(r record) [][]byte {
	parts := [][]byte{r.data}
	for {
		at := w.at
		next, ok := w.next()
		if !ok || next.kind != recContinue {
			w.at = at
			return parts
		}
		parts = append(parts, next.data)
	}
}
