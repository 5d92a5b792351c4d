// Package app wires the rings together and owns lifetimes: it reads settings, opens the data directory, starts and drains
// the server, and runs each subcommand of the binary.
//
// It holds no rule of the domain. The clock, the source of randomness and the environment enter the program here and
// nowhere else.
//
//	main.go     the table of subcommands      city.go    an opened ledger with everything that commands need
//	first.go    reference data of a new city  serve.go   the server      import.go doctor.go demo.go describe.go bench*.go
package app
