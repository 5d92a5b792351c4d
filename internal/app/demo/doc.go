// Package demo makes the simulated part of the demonstration city: tenants, their stages, projects, what was planned of both
// and monthly returns, and the figures of parks that no source states.
//
// Real enterprises' returns are not public, so every row made here has the nature "simulated" and says so wherever it is
// shown; what the reference data states of a park is never touched, and a simulated figure is used only where nothing else
// is known. The generator is calibrated so that the derived totals meet the published ones of 2024 (calibration.go). It
// works in whole numbers from one seed: the same seed gives the same city, on every machine.
//
// Credit codes carry the division 350599, which does not exist, so that no simulated enterprise can be taken for a real one.
package demo
