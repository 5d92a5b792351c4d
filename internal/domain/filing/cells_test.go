package filing

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestEncode_isCanonicalJSON(t *testing.T) {
	for _, c := range []struct {
		cells Cells
		want  string
	}{
		{nil, `{}`},
		{Cells{"a": ""}, `{}`},
		{Cells{"b": "2", "a": "1", "c": ""}, `{"a":"1","b":"2"}`},
		{Cells{"a": "晋\"江\\\n\x01<&>\u2028", "z": "not asked"}, `{"a":"晋\"江\\\u000a\u0001<&>` + "\u2028" + `"}`},
	} {
		if got := string(encode(nil, []string{"a", "b", "c"}, c.cells)); got != c.want {
			t.Errorf("encode(%q) = %s, want %s", c.cells, got, c.want)
		}
	}
}

func TestDecode_refusesWhatEncodeDoesNotWrite(t *testing.T) {
	for _, s := range []string{"", "{", "[]", `{"a"}`, `{"a":1}`, `{"a":"b"`, `{"a":"b",}x`, `{"a":"b"}x`, `{"a":"\x"}`, `{"a":"b\`, `{a:"b"}`} {
		if err := decode(s, Cells{}); err == nil {
			t.Errorf("decode(%q) = nil, want an error", s)
		}
	}
}

func TestDecode_readsWhatEncodeWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := Cells(rapid.MapOf(rapid.StringMatching(`[a-z_0-9]{1,9}`), rapid.StringMatching(`.{1,20}|[\x00-\x1f"\\]{1,9}`)).Draw(t, "cells"))
		text := string(encode(nil, slices.Sorted(maps.Keys(cells)), cells))
		back, plain := Cells{"old": "x"}, Cells{}
		if err := decode(text, back); err != nil || !maps.Equal(back, cells) {
			t.Fatalf("decode(%s) = %q, %v, want %q", text, back, err, cells)
		}
		if err := json.Unmarshal([]byte(text), &plain); err != nil || !maps.Equal(plain, cells) {
			t.Fatalf("encoding/json reads %s as %q, %v, want %q", text, plain, err, cells)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"a":"b","c":"d\"\u0001"}`)
	f.Add(`{}`)
	f.Fuzz(func(t *testing.T, s string) {
		cells := Cells{}
		if decode(s, cells) != nil || !utf8.ValidString(s) {
			return
		}
		codes := slices.Sorted(maps.Keys(cells))
		again := Cells{}
		if err := decode(string(encode(nil, codes, cells)), again); err != nil {
			t.Fatalf("decode(encode(decode(%q))) = %v", s, err)
		}
	})
}
