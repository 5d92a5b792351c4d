package db

import (
	"database/sql/driver"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// bind turns arguments into the few kinds of value that both engines store alike: nil, int64, float64, string, []byte.
// The slice args itself is not changed.
func bind(params int, args []any) ([]any, error) {
	if len(args) != params {
		return nil, fault.New(fault.Internal, KeyStatement,
			"reason", fmt.Sprintf("the statement has %d placeholders and got %d arguments", params, len(args)))
	}
	if len(args) == 0 {
		return nil, nil
	}
	out := make([]any, len(args))
	for i, a := range args {
		v, reason := bindable(a)
		if reason != "" {
			return nil, fault.New(fault.Internal, KeyArgument, "position", i+1, "type", fmt.Sprintf("%T", a), "reason", reason)
		}
		out[i] = v
	}
	return out, nil
}

// bindable gives the value to bind for a, or the reason why a must not be bound.
func bindable(a any) (value any, refusal string) {
	switch v := a.(type) {
	case nil:
		return nil, ""
	case int64:
		return v, ""
	case int:
		return int64(v), ""
	case string:
		return v, textFlaw(v)
	case []byte:
		if v == nil {
			return nil, ""
		}
		return v, ""
	case float64:
		return v, floatFlaw(v)
	case bool:
		return nil, "bind 0 or 1: flags are BIGINT"
	case time.Time, *time.Time:
		return nil, "bind UnixMicro(): the engines store a time.Time differently"
	case driver.Valuer:
		if p := reflect.ValueOf(a); p.Kind() == reflect.Pointer && p.IsNil() {
			return nil, ""
		}
		inner, err := v.Value()
		if err != nil {
			return nil, err.Error()
		}
		if _, again := inner.(driver.Valuer); again {
			return nil, "its Value is a Valuer"
		}
		return bindable(inner)
	}
	return bindKind(reflect.ValueOf(a))
}

// bindKind handles named types (park.ID, unit.Canonical), the other integers and pointers.
func bindKind(v reflect.Value) (value any, refusal string) {
	switch v.Kind() {
	case reflect.String:
		return v.String(), textFlaw(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), ""
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if v.Uint() > math.MaxInt64 {
			return nil, "larger than a BIGINT"
		}
		return int64(v.Uint()), ""
	case reflect.Float32, reflect.Float64:
		return v.Float(), floatFlaw(v.Float())
	case reflect.Bool:
		return nil, "bind 0 or 1: flags are BIGINT"
	case reflect.Pointer:
		if v.IsNil() {
			return nil, ""
		}
		return bindable(v.Elem().Interface())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bindable(v.Bytes())
		}
	}
	return nil, "not text, number or bytes"
}

func textFlaw(s string) string {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return "text with a zero byte: PostgreSQL cannot hold it"
	case !utf8.ValidString(s):
		return "text that is not UTF-8: PostgreSQL cannot hold it"
	}
	return ""
}

func floatFlaw(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "not a finite number: SQLite would store NULL"
	}
	return ""
}

// inspect checks that text is one statement whose placeholders are $1…$n and gives n. It understands quoted text, quoted
// names and comments, which is all that the portable subset has.
func inspect(text string) (params int, err error) {
	var seen [64]bool
	most, ended := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '-' && strings.HasPrefix(text[i:], "--"):
			i = skipTo(text, i, "\n")
			continue
		case c == '/' && strings.HasPrefix(text[i:], "/*"):
			i = skipTo(text, i+2, "*/")
			continue
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			continue
		case ended:
			return 0, badStatement("more than one statement")
		case c == ';':
			ended = true
		case c == '\'' || c == '"':
			i = skipTo(text, i+1, string(c)) // a doubled quote inside starts a new quoted piece: same result
		case c == '?':
			return 0, badStatement("placeholders are $1, not ?")
		case c == '$':
			n, width := number(text[i+1:])
			if n < 1 || n >= len(seen) {
				return 0, badStatement("a placeholder must be $1 to $63")
			}
			seen[n] = true
			most = max(most, n)
			i += width
		}
	}
	for n := 1; n <= most; n++ {
		if !seen[n] {
			return 0, badStatement(fmt.Sprintf("$%d is missing", n))
		}
	}
	return most, nil
}

// skipTo gives the index of the last byte of the next end after from, or the end of text.
func skipTo(text string, from int, end string) int {
	if i := strings.Index(text[from:], end); i >= 0 {
		return from + i + len(end) - 1
	}
	return len(text)
}

func number(s string) (n, width int) {
	for width < len(s) && width < 6 && s[width] >= '0' && s[width] <= '9' {
		n = n*10 + int(s[width]-'0')
		width++
	}
	return n, width
}

func badStatement(reason string) error {
	return fault.New(fault.Internal, KeyStatement, "reason", reason)
}
