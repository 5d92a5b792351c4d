package web_test

import (
	"io/fs"
	"testing"

	"github.com/parkbrain/parkbrain/web"
)

func TestDist_hasAnIndexPage(t *testing.T) {
	body, err := fs.ReadFile(web.Dist(), "index.html")
	if err != nil || len(body) == 0 {
		t.Errorf("ReadFile(%q) = %d bytes, %v, want a page", "index.html", len(body), err)
	}
}

func TestDist_builtAssetsHaveCompressedCopies(t *testing.T) {
	if !web.Built() {
		t.Skip("the browser application is not built: run npm run build in web")
	}
	assets, err := fs.Glob(web.Dist(), "assets/*.js")
	if err != nil || len(assets) == 0 {
		t.Fatalf("Glob(%q) = %d files, %v, want some", "assets/*.js", len(assets), err)
	}
	for _, name := range assets {
		if info, err := fs.Stat(web.Dist(), name); err != nil || info.Size() < 1024 {
			continue // too small to gain anything
		}
		if _, err := fs.Stat(web.Dist(), name+".gz"); err != nil {
			t.Errorf("Stat(%q) = %v, want a compressed copy", name+".gz", err)
		}
	}
}
