package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// settings parses a command line and an environment.
func settings(env map[string]string, args ...string) (Settings, []string, error) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	v := Register(fs)
	rest, err := ParseArgs(fs, args)
	if err != nil {
		return Settings{}, nil, err
	}
	s, err := v.Settings(func(name string) (string, bool) { text, ok := env[name]; return text, ok })
	return s, rest, err
}

func TestSettings_flagBeforeEnvironmentBeforeDefault(t *testing.T) {
	env := map[string]string{"PARKBRAIN_LISTEN": ":1", "PARKBRAIN_CITY": "", "PARKBRAIN_DATA": "from-env"}
	s, _, err := settings(env, "--data", "from-flag")
	if err != nil {
		t.Fatalf("Settings = %v", err)
	}
	want := Settings{Data: "from-flag", Listen: ":1", LogFormat: "text", LogLevel: "info", SessionIdle: 30 * time.Minute, City: "350500"}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("Settings = %+v, want %+v", s, want)
	}
}

func TestSettings_readsEveryKey(t *testing.T) {
	s, _, err := settings(map[string]string{"PARKBRAIN_ADMIN_PASSWORD": "secret"}, "--data=d", "--listen=[::1]:80", "--db=postgres://u:p@h/d", "--log-format=json",
		"--log-level=debug", "--public-url=https://park.example/", "--trusted-proxies=10.0.0.1, 10.1.2.3/8,fd00::/8", "--session-idle=1h", "--city=350200")
	got := fmt.Sprint(s.Data, s.Listen, s.Database, s.LogFormat, s.LogLevel, s.PublicURL, s.TrustedProxies, s.SessionIdle, s.City, s.AdminPassword)
	want := "d[::1]:80postgres://u:p@h/djsondebug" + "https://park.example/ [10.0.0.1/32 10.0.0.0/8 fd00::/8] 1h0m0s 350200secret"
	if err != nil || strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") || !s.SecureCookie() {
		t.Errorf("Settings = %q, %v, want %q", got, err, want)
	}
}

func TestSettings_refusesBadValuesAndSaysWhere(t *testing.T) {
	for _, arg := range []string{"listen=8080", "db=mysql://h/d", "db=file.db", "log-format=xml", "log-level=loud", "public-url=park.example", "public-url=ftp://h",
		"public-url=https://h/sub", "trusted-proxies=x", "trusted-proxies=10.0.0.1,", "session-idle=30", "session-idle=1s", "session-idle=13h", "city=3505", "city=35050x"} {
		name, value, _ := strings.Cut(arg, "=")
		for from, try := range map[string]func() error{
			"--" + name: func() error { _, _, err := settings(nil, "--"+arg); return err },
			"PARKBRAIN_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")): func() error {
				_, _, err := settings(map[string]string{"PARKBRAIN_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_")): value})
				return err
			},
		} {
			err := try()
			f, _ := fault.Of(err)
			if !errors.Is(err, fault.New(fault.Invalid, "config.invalid")) || f.Args["setting"] != name || f.Args["from"] != from {
				t.Errorf("%s from %s = %v, want config.invalid", arg, from, err)
			}
		}
	}
}

func TestSettings_neverShowsASecret(t *testing.T) {
	_, _, err := settings(nil, "--db", "mysql://user:hunter2@host/d")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error = %v, want one without the password", err)
	}
	if _, _, err := settings(nil, "--admin-password", "x"); !errors.Is(err, fault.New(fault.Invalid, "config.flag")) {
		t.Errorf("--admin-password = %v, want no such flag", err)
	}
}

func TestParseArgs_mixesFlagsAndOthers(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"parks list.csv --data d", "parks list.csv"},
		{"--data d parks list.csv", "parks list.csv"},
		{"parks --data d list.csv", "parks list.csv"},
		{"--data d -- --list.csv --data", "--list.csv --data"},
		{"parks -- --data", "parks --data"},
		{"", ""},
	} {
		_, rest, err := settings(nil, strings.Fields(c.line)...)
		if err != nil || !slices.Equal(rest, strings.Fields(c.want)) {
			t.Errorf("ParseArgs(%q) = %q, %v, want %q", c.line, rest, err, c.want)
		}
	}
	if _, _, err := settings(nil, "--help"); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("ParseArgs(--help) = %v, want flag.ErrHelp", err)
	}
}

func TestKeys_areConsistent(t *testing.T) {
	for _, k := range Keys() {
		if want := "PARKBRAIN_" + strings.ToUpper(strings.ReplaceAll(k.Name, "-", "_")); k.Env != want {
			t.Errorf("Env of %s = %s, want %s", k.Name, k.Env, want)
		}
		if row := "| `" + k.Env + "` |"; k.Help == "" || !strings.Contains(Markdown(), row) || strings.Contains(k.Help, "|") {
			t.Errorf("Markdown lacks a good row of %s", k.Name)
		}
		if k.EnvOnly && !k.Secret {
			t.Errorf("%s has no flag and is no secret", k.Name)
		}
	}
}

func TestRegister_onlyTheNamedOnes(t *testing.T) {
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	Register(fs, Data, Database)
	if fs.Lookup(Data) == nil || fs.Lookup(Listen) != nil {
		t.Error("want --data and no --listen")
	}
	defer func() {
		if recover() == nil {
			t.Error("Register of a setting without a flag must panic")
		}
	}()
	Register(fs, AdminPassword)
}
