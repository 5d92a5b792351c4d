// Package form is what is asked (报表): of whom, how often, until when, which values, what is checked and who approves.
//
// A form is data: a YAML file that the product ships (refdata/forms) or a version of it that the city made. Its fields
// come from one dictionary (数据项目录), so that what means the same is asked once. A Library holds the dictionary and every
// version of every form; a Form reads cells, finds a row's key, knows its days and judges a record by its rules.
//
//	library, err := shelf.Load(ctx, r, "350500")
//	f, err := library.Form("enterprise_monthly", "2024-06")
//	output, err := f.Item("output").Field.Read("12.5") // 万元 → "12500000" fen
//	verdicts, err := form.NewJudge(f).Cells(map[form.Code]string{"output": output, "electricity": "0"}, nil)
//	verdicts[0].Text.ZH // 有工业总产值12.5 万元，用电量却为0 千瓦时。
//
// It knows no filing and no value of anybody: what other periods and sources say is handed in by who judges.
package form
