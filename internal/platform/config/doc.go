// Package config is the one table of settings: name, flag, environment variable, default and what each is for.
//
// A setting comes from its flag, else from its environment variable, else from its default. The package reads neither the
// environment nor the command line itself; both are given to it.
//
//	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
//	values := config.Register(fs, config.Data, config.Listen)
//	rest, err := config.ParseArgs(fs, args)
//	settings, err := values.Settings(os.LookupEnv)
//
// Markdown prints the table for the operators' manual. What a city decides (rule packs, indicators, targets) is no setting.
package config
