package app

import (
	"context"
	"log/slog"

	"github.com/parkbrain/parkbrain/internal/edge/api"
)

// describe prints the description of the HTTP interface; it needs no ledger.
func describe(_ context.Context, h *host, _ []string) error {
	doc, err := api.New(api.Deps{Texts: h.texts, Logger: slog.New(slog.DiscardHandler), Version: Version, MaxUpload: maxUpload}).OpenAPI()
	if err != nil {
		return err
	}
	_, err = h.stdout.Write(doc)
	return err
}
