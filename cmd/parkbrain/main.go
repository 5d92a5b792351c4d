// Command parkbrain is the one binary: it serves the ledger, makes the demo city, imports lists, checks and measures.
package main

import (
	"os"

	"github.com/parkbrain/parkbrain/internal/app"
)

func main() { os.Exit(app.Main(os.Args[1:])) }
