// Package obs lets operators see how the program is: its log, its metrics and its health.
//
//	logger, err := obs.NewLogger(os.Stderr, obs.LogOptions{Format: "json", Level: "info"})
//	metrics := obs.NewMetrics("0.1.0")
//	metrics.Gauge("panel_rows", "Rows that the panel holds.", func() float64 { return float64(panel.Rows()) })
//	health.Add("database", func(ctx context.Context) error { return ping(ctx) })
//
// Log messages are constant texts with snake_case keys; ids go into them, names and secrets do not. It is not the audit
// trail, which is in the database and for auditors.
package obs
