// Package internal is the house of parkbrain: rings from kit (innermost) to app (outermost). The table that says who may
// import whom, and why, is arch_test.go.
package internal
