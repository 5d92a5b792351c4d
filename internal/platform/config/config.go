package config

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Settings are all settings, checked.
type Settings struct {
	Data           string         // data directory
	Listen         string         // host:port
	Database       string         // address; empty means SQLite in Data; may hold a password
	LogFormat      string         // text or json
	LogLevel       string         // debug, info, warn or error
	PublicURL      *url.URL       // where people find the program; nil when not told
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	SessionIdle    time.Duration
	City           string // GB/T 2260 code of the city
	AdminPassword  string // of the first administrator; empty means a one-time password
}

// SecureCookie says whether cookies may only travel over TLS: when the public address is https.
func (s Settings) SecureCookie() bool { return s.PublicURL != nil && s.PublicURL.Scheme == "https" }

// Names of the settings.
const (
	Data           = "data"
	Listen         = "listen"
	Database       = "db"
	LogFormat      = "log-format"
	LogLevel       = "log-level"
	PublicURL      = "public-url"
	TrustedProxies = "trusted-proxies"
	SessionIdle    = "session-idle"
	City           = "city"
	AdminPassword  = "admin-password"
)

// Key describes one setting.
type Key struct {
	Name    string // also the flag, where it has one
	Env     string
	EnvOnly bool // no flag: command lines are seen by everybody on the machine
	Secret  bool // the value may hold a password and is never shown
	Default string
	Help    string
	set     func(s *Settings, text string) error // text is not empty
}

// errShape is what a set function says of a text that it refuses; Help says what is wanted.
var errShape = errors.New("not of the shape that is wanted")

// keys is the table.
var keys = []Key{
	{Name: Data, Env: "PARKBRAIN_DATA", Default: "parkbrain-data", Help: "data directory",
		set: func(s *Settings, text string) error { s.Data = text; return nil }},
	{Name: Listen, Env: "PARKBRAIN_LISTEN", Default: "127.0.0.1:8080", Help: "address to listen on, host:port",
		set: func(s *Settings, text string) (err error) {
			s.Listen = text
			_, _, err = net.SplitHostPort(text)
			return err
		}},
	{Name: Database, Env: "PARKBRAIN_DB", Secret: true, Help: "database, sqlite:///file or postgres://…; empty: SQLite in the data directory",
		set: setDatabase},
	{Name: LogFormat, Env: "PARKBRAIN_LOG_FORMAT", Default: "text", Help: "format of the log, text or json",
		set: func(s *Settings, text string) error { s.LogFormat = text; return oneOf(text, "text", "json") }},
	{Name: LogLevel, Env: "PARKBRAIN_LOG_LEVEL", Default: "info", Help: "least level that is logged: debug, info, warn or error",
		set: func(s *Settings, text string) error {
			s.LogLevel = text
			return oneOf(text, "debug", "info", "warn", "error")
		}},
	{Name: PublicURL, Env: "PARKBRAIN_PUBLIC_URL", Help: "address under which people reach the program; https:// makes cookies Secure",
		set: setPublicURL},
	{Name: TrustedProxies, Env: "PARKBRAIN_TRUSTED_PROXIES", Help: "addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas",
		set: setTrustedProxies},
	{Name: SessionIdle, Env: "PARKBRAIN_SESSION_IDLE", Default: "30m", Help: "unused time after which a login ends, 1m to 12h",
		set: setSessionIdle},
	{Name: City, Env: "PARKBRAIN_CITY", Default: "350500", Help: "city, six digits of GB/T 2260",
		set: setCity},
	{Name: AdminPassword, Env: "PARKBRAIN_ADMIN_PASSWORD", EnvOnly: true, Secret: true,
		Help: "password of the first administrator, at the first start only; empty: a one-time password is printed",
		set:  func(s *Settings, text string) error { s.AdminPassword = text; return nil }},
}

// Keys gives the table, in the order in which it is shown.
func Keys() []Key { return slices.Clone(keys) }

// Values are the settings that a command line gave.
type Values struct{ given map[string]string }

// Register adds the flags of the named settings to fs; all that have one when none is named. It panics on a name that is
// not in the table or has no flag: the caller's mistake.
func Register(fs *flag.FlagSet, names ...string) *Values {
	v := &Values{given: map[string]string{}}
	if len(names) == 0 {
		for _, k := range keys {
			if !k.EnvOnly {
				names = append(names, k.Name)
			}
		}
	}
	for _, name := range names {
		i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name && !k.EnvOnly })
		if i < 0 {
			panic("config: no flag for " + name)
		}
		fs.Func(name, usage(keys[i]), func(text string) error { v.given[name] = text; return nil })
	}
	return v
}

func usage(k Key) string {
	if k.Default == "" {
		return fmt.Sprintf("%s [%s]", k.Help, k.Env)
	}
	return fmt.Sprintf("%s [%s, default %s]", k.Help, k.Env, k.Default)
}

// ParseArgs parses a command line whose flags and other arguments are mixed ("parks list.csv --data d") and gives the
// others. What follows "--" is no flag. Errors: Invalid "config.flag" (reason); errors.Is finds flag.ErrHelp.
func ParseArgs(fs *flag.FlagSet, args []string) (others []string, err error) {
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, fault.Because(err, fault.Invalid, "config.flag", "reason", err.Error())
		}
		rest := fs.Args()
		if used := len(args) - len(rest); len(rest) == 0 || used > 0 && args[used-1] == "--" {
			return append(others, rest...), nil
		}
		others = append(others, rest[0])
		args = rest[1:]
	}
	return others, nil
}

// Settings gives all settings; lookup gives environment variables, where an empty one counts as absent.
// Errors: Invalid "config.invalid" (setting, from, value, want); value is empty where it may be secret.
func (v *Values) Settings(lookup func(name string) (value string, ok bool)) (Settings, error) {
	var s Settings
	for _, k := range keys {
		text, from := k.Default, "default"
		if t, ok := lookup(k.Env); ok && t != "" {
			text, from = t, k.Env
		}
		if t, ok := v.given[k.Name]; ok {
			text, from = t, "--"+k.Name
		}
		if text == "" {
			continue
		}
		if err := k.set(&s, text); err != nil {
			if k.Secret {
				text, err = "", errShape // the parser's error may quote it
			}
			return Settings{}, fault.Because(err, fault.Invalid, "config.invalid", "setting", k.Name, "from", from, "value", text, "want", k.Help)
		}
	}
	return s, nil
}

// Markdown gives the table for the operators' manual.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| flag | environment variable | default | meaning |\n|---|---|---|---|\n")
	for _, k := range keys {
		name, otherwise := "`--"+k.Name+"`", ""
		if k.EnvOnly {
			name = "—"
		}
		if k.Default != "" {
			otherwise = "`" + k.Default + "`"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", name, k.Env, otherwise, k.Help)
	}
	return b.String()
}

func oneOf(text string, allowed ...string) error {
	if !slices.Contains(allowed, text) {
		return errShape
	}
	return nil
}

func setDatabase(s *Settings, text string) error {
	s.Database = text
	scheme, _, ok := strings.Cut(text, "://")
	if !ok {
		return errShape
	}
	return oneOf(scheme, "sqlite", "postgres", "postgresql")
}

func setPublicURL(s *Settings, text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return err
	}
	if u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return errShape // the single-page app lives at the root
	}
	s.PublicURL = u
	return oneOf(u.Scheme, "http", "https")
}

func setTrustedProxies(s *Settings, text string) error {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if addr, err := netip.ParseAddr(part); err == nil {
			s.TrustedProxies = append(s.TrustedProxies, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return err
		}
		s.TrustedProxies = append(s.TrustedProxies, network.Masked())
	}
	return nil
}

func setSessionIdle(s *Settings, text string) (err error) {
	s.SessionIdle, err = time.ParseDuration(text)
	if err == nil && (s.SessionIdle < time.Minute || s.SessionIdle > 12*time.Hour) {
		err = errShape
	}
	return err
}

func setCity(s *Settings, text string) error {
	s.City = text
	if len(text) != 6 || strings.Trim(text, "0123456789") != "" {
		return errShape
	}
	return nil
}
