package obs

import (
	"io"
	"log/slog"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Formats of the log.
const (
	FormatText = "text"
	FormatJSON = "json"
)

// LogOptions of NewLogger. Empty fields mean text and info.
type LogOptions struct {
	Format string // FormatText or FormatJSON
	Level  string // debug, info, warn or error
}

// NewLogger gives a logger that writes to w, with times in UTC. Errors: Invalid "obs.log_format" (format), Invalid
// "obs.log_level" (level).
func NewLogger(w io.Writer, o LogOptions) (*slog.Logger, error) {
	level := slog.LevelInfo
	if o.Level != "" {
		if err := level.UnmarshalText([]byte(o.Level)); err != nil {
			return nil, fault.Because(err, fault.Invalid, "obs.log_level", "level", o.Level)
		}
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: inUTC}
	switch o.Format {
	case FormatText, "":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case FormatJSON:
		return slog.New(slog.NewJSONHandler(w, options)), nil
	default:
		return nil, fault.New(fault.Invalid, "obs.log_format", "format", o.Format)
	}
}

func inUTC(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindTime {
		a.Value = slog.TimeValue(a.Value.Time().UTC())
	}
	return a
}
