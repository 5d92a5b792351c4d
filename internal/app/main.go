package app

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/message"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/refdata"
)

// Version is set by the build.
var Version = "dev"

// host is the outside world as a command sees it.
type host struct {
	stdout io.Writer
	stderr io.Writer
	lookup func(name string) (string, bool)
	now    func() time.Time
	random io.Reader
	texts  *message.Catalogue
	known  *flag.FlagSet // flags of the command that runs, for its help
}

// command is one subcommand. run gets the arguments behind the name.
type command struct {
	name  string
	usage string
	help  string
	run   func(ctx context.Context, h *host, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "serve --data DIR --listen ADDR [--db URL]", "serve the ledger to browsers and scripts", serve},
		{"demo", "demo --data DIR [--seed S] [--enterprises N] [--months M]", "make the demonstration city in a new data directory", makeDemo},
		{"import", "import parks FILE | FILE --form CODE [--map MAP|auto] [--dry-run] [--json]", "bring in a park list, or the rows of a form (.csv, .xlsx, .xls)", importFile},
		{"close", "close --period 2024-06 --reason TEXT | list | verify [--bundle FILE] | export | import FILE", "close a month, and prove or carry what was closed", closeMonth},
		{"doctor", "doctor --data DIR [--json]", "check the audit chain, references, column types and orphans", doctor},
		{"bench", "bench readings|plausible|import|pipeline [--json] [--data DIR] [--seed S]", "measure the goals with their peers in the same run", bench},
		{"openapi", "openapi", "print the description of the HTTP interface", describe},
		{"config", "config", "print the table of settings", printConfig},
		{"version", "version", "print the version", printVersion},
	}
}

// Exit codes: 0 done; 1 failed or something is wrong with the data; 2 the command line is not understood.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Main runs the program with the arguments behind its name and gives the exit code.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	texts, err := refdata.Catalogue()
	if err != nil {
		fmt.Fprintln(os.Stderr, "parkbrain:", err)
		return exitFailed
	}
	h := &host{stdout: os.Stdout, stderr: os.Stderr, lookup: os.LookupEnv, now: time.Now, random: rand.Reader, texts: texts}
	return h.run(ctx, args)
}

func (h *host) run(ctx context.Context, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		h.usage()
		return exitOK
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, h, args[1:])
		switch {
		case err == nil:
			return exitOK
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprintf(h.stdout, "parkbrain %s\n  %s\n", c.usage, c.help)
			if h.known != nil {
				h.known.SetOutput(h.stdout)
				h.known.PrintDefaults()
			}
			return exitOK
		case errors.Is(err, errUsage):
			fmt.Fprintf(h.stderr, "usage: parkbrain %s\n", c.usage)
			return exitUsage
		case errors.Is(err, errSaid):
			return exitFailed
		default:
			h.complain(err)
			if f, ok := fault.Of(err); ok && f.Key == "config.flag" {
				return exitUsage
			}
			return exitFailed
		}
	}
	fmt.Fprintf(h.stderr, "parkbrain: no command %q\n", args[0])
	h.usage()
	return exitUsage
}

var (
	errUsage = errors.New("usage")
	errSaid  = errors.New("already said") // the command wrote what is wrong itself
)

func (h *host) usage() {
	fmt.Fprintln(h.stdout, "parkbrain 园区大脑: the ledger of a city's industrial parks")
	for _, c := range commands() {
		fmt.Fprintf(h.stdout, "  parkbrain %-72s %s\n", c.usage, c.help)
	}
}

// language is that of the terminal: LC_ALL, LC_MESSAGES or LANG, as everywhere; Chinese where none says.
func (h *host) language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, ok := h.lookup(name); ok && len(v) >= 2 && v != "C.UTF-8" && v != "POSIX" {
			return h.texts.Negotiate(v[:2])
		}
	}
	return h.texts.Fallback()
}

// complain says an error in the terminal's language; what is ours is said in full for the operator.
func (h *host) complain(err error) {
	f, ok := fault.Of(err)
	if !ok || f.Kind == fault.Internal {
		fmt.Fprintln(h.stderr, "parkbrain:", err)
		return
	}
	text, _ := h.texts.Format(h.language(), f.Key, f.Args)
	fmt.Fprintln(h.stderr, "parkbrain:", text)
}

// flags parses a command line with the settings named and the command's own flags.
func (h *host) flags(name string, args []string, own func(fs *flag.FlagSet), settings ...string) (config.Settings, []string, error) {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	if own != nil {
		own(fs)
	}
	h.known = fs
	values := config.Register(fs, settings...)
	rest, err := config.ParseArgs(fs, args)
	if err != nil {
		return config.Settings{}, nil, err
	}
	s, err := values.Settings(h.lookup)
	return s, rest, err
}

func printVersion(_ context.Context, h *host, _ []string) error {
	_, err := fmt.Fprintln(h.stdout, "parkbrain", Version)
	return err
}

func printConfig(_ context.Context, h *host, _ []string) error {
	_, err := fmt.Fprint(h.stdout, config.Markdown())
	return err
}
