// Package light is red, yellow and green lights by templates (亮灯规则): data that says, for one place's practice, which facts of
// a month give which light, what is remembered from the months before, and what follows from a light.
//
// A Template has rules; a Rule looks at a run of months and judges each: the first of its lights whose condition holds. What is
// not known gives no light, and says what is missing. A light never changes a figure, and a template says of each condition
// whether its source establishes it or we assume it.
//
//	templates, err := light.Shipped()
//	start := templates.Rule("yinchuan", "start")
//	j, err := start.Judge([]light.Month{
//		{Month: may, Facts: map[string]rule.Value{"due": rule.Is(true), "started": rule.Is(false)}},
//		{Month: june, Facts: map[string]rule.Value{"due": rule.Is(true), "started": rule.Is(false)}},
//	}, asOf)
//	j.Light, j.Why // Yellow, 本月应开工未开工
//
//	light.go  Light, Template, Rule    load.go  Parse, LoadFrom    judge.go  Judge, Run
//
// It sends nothing and knows no project: what follows from a light is a code that somebody else acts on.
package light
