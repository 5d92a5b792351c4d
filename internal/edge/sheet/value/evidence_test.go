package value

import "testing"

func TestOrderIn_readsWhatATitleStates(t *testing.T) {
	for title, want := range map[string]Order{
		"Record Last Updated (dd/mm/yyyy)": DMY, "Date MM/DD/YYYY": MDY, "日期（d.m.yyyy）": DMY, "签约日期": "", "Add/mmc": "", "yyyy/mm/dd": "",
	} {
		if got, ok := OrderIn(title); got != want || ok != (want != "") {
			t.Errorf("OrderIn(%q) = %q, %v, want %q", title, got, ok, want)
		}
	}
}

func TestOrderOf_onlyWhereOneOrderIsPossible(t *testing.T) {
	for text, want := range map[string]Order{
		"31/12/2024": DMY, "12/31/2024": MDY, "１３/０１/２０２４": DMY, "03/04/2024": "", "05/05/2024": "", "32/13/2024": "", "30/02/2024": "", "2024-12-31": "", "0/31/2024": "",
	} {
		if got, ok := OrderOf(text); got != want || ok != (want != "") {
			t.Errorf("OrderOf(%q) = %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestRepublicDay_onlySevenDigitsThatAreADay(t *testing.T) {
	for text, want := range map[string]bool{"0601026": true, "1120305": true, "1121332": false, "0600230": false, "20240630": false, "202406": false, "112/03/05": false, "": false} {
		if got := RepublicDay(text); got != want {
			t.Errorf("RepublicDay(%q) = %v, want %v", text, got, want)
		}
	}
}
