package api

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/refdata"
)

// described makes the operations as the command `parkbrain openapi` does: no ledger is needed to describe them.
func described(t *testing.T) *API {
	t.Helper()
	texts, err := refdata.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return New(Deps{Texts: texts, Logger: slog.New(slog.DiscardHandler), Version: "test", MaxUpload: 50 << 20})
}

func TestOpenAPI_isTheCommittedFile(t *testing.T) {
	got, err := described(t).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("..", "..", "..", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) == string(want) {
		return
	}
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("openapi.yaml is not what the code describes (first at line %d: %q, want %q): run `make gen` and commit", i+1, b[i], a[i])
		}
	}
	t.Fatalf("openapi.yaml has %d lines, the code describes %d: run `make gen` and commit", len(b), len(a))
}

func TestOpenAPI_namesNoAbsoluteSchemaAddress(t *testing.T) {
	doc, err := described(t).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"$schema", "http://localhost", "http://127", "https://example"} {
		if strings.Contains(string(doc), bad) {
			t.Errorf("openapi.yaml holds %q: bodies and types must not depend on where the server runs", bad)
		}
	}
}

func TestOpenAPI_describesEveryOperation(t *testing.T) {
	public := map[string]bool{"login": true}
	routes := described(t).Routes()
	if len(routes) < 25 {
		t.Fatalf("Routes() gives %d operations, want all", len(routes))
	}
	seen := map[string]bool{}
	for _, op := range routes {
		if op.OperationID == "" || seen[op.OperationID] {
			t.Errorf("%s %s has the operationId %q, want one of its own", op.Method, op.Path, op.OperationID)
		}
		seen[op.OperationID] = true
		if op.Summary == "" || len(op.Tags) != 1 {
			t.Errorf("%s has summary %q and tags %v, want one sentence and one tag", op.OperationID, op.Summary, op.Tags)
		}
		if public[op.OperationID] != (len(op.Security) == 0) {
			t.Errorf("%s has security %v, want some = %v: only login is for everybody", op.OperationID, op.Security, !public[op.OperationID])
		}
		if !strings.HasPrefix(op.Path, "/api/v1/") {
			t.Errorf("%s is at %s, want below /api/v1", op.OperationID, op.Path)
		}
		for status, answer := range op.Responses {
			if _, isProblem := answer.Content["application/problem+json"]; status >= "400" && !isProblem {
				t.Errorf("%s answers %s with %v, want a problem document", op.OperationID, status, answer.Content)
			}
		}
	}
}

func TestOpenAPI_everyListHasItemsAndNext(t *testing.T) {
	a := described(t)
	lists := 0
	for _, op := range a.Routes() {
		answer := op.Responses["200"]
		if answer == nil || answer.Content["application/json"] == nil {
			continue
		}
		schema := resolved(a, answer.Content["application/json"].Schema)
		items := schema.Properties["items"]
		if !strings.HasPrefix(op.OperationID, "list-") && op.OperationID != "search" {
			if items != nil && schema.Properties["next"] != nil { // a form has items and is no list
				t.Errorf("%s answers items and next: call it list-…", op.OperationID)
			}
			continue
		}
		lists++
		next := schema.Properties["next"]
		if items == nil || items.Type != huma.TypeArray || next == nil || next.Type != huma.TypeString {
			t.Errorf("%s answers %v, want items and next", op.OperationID, schema.Properties)
			continue
		}
		for _, name := range []string{"items", "next"} {
			if !schemaRequires(schema, name) {
				t.Errorf("%s: %s is not required", op.OperationID, name)
			}
		}
	}
	if lists < 12 {
		t.Errorf("%d lists were found, want all", lists)
	}
}

func resolved(a *API, s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

func schemaRequires(s *huma.Schema, name string) bool {
	for _, r := range s.Required {
		if r == name {
			return true
		}
	}
	return false
}
