package sheet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// maxParks bounds a park list, which is held in memory; a province has some thousand parks.
const maxParks = 50_000

// parkColumns are the columns of a park list (园区清单) by the noun's keys, under the names that offices give them. The first
// name of a required column is the one that messages ask for.
var parkColumns = []Column{
	{Key: "name", Required: true, Names: []string{"园区名称", "name", "park_name", "园区", "项目名称", "园区(项目)名称", "名称"}},
	{Key: "org", Required: true, Names: []string{"县(市、区)", "county", "县(市、区)", "县市区", "县区", "区县", "所属县(市、区)", "所属县市区",
		"属地", "所在县(市、区)", "填报单位"}},
	{Key: "pilot", Names: []string{"pilot", "是否试点", "试点", "试点园区", "是否试点园区"}},
	{Key: "official_no", Names: []string{"official_list_no", "名单序号", "市级名单序号", "清单序号", "官方名单序号"}},
	{Key: "mode", Names: []string{"building_mode", "建设模式", "开发模式", "建设主体类型"}},
	{Key: "developer", Names: []string{"developer_or_operator", "建设运营主体", "建设单位", "开发主体", "开发运营主体", "业主单位", "运营单位", "建设主体"}},
	{Key: "leading_industry", Names: []string{"leading_industry", "主导产业", "产业定位", "主导产业定位"}},
	{Key: "land_area", Names: []string{"land_area_mu", "land_area_m2", "land_area_ha", "土地面积", "用地面积", "占地面积", "规划用地面积"}},
	{Key: "floor_area", Names: []string{"floor_area_m2", "建筑面积", "总建筑面积"}},
	{Key: "factory_area", Names: []string{"factory_area_m2", "厂房面积", "厂房建筑面积", "标准厂房面积"}},
	{Key: "investment", Names: []string{"investment_yi_yuan", "投资", "总投资", "投资额", "投资总额", "计划总投资"}},
	{Key: "started", Names: []string{"started", "开工时间", "开工日期", "开工年月"}},
	{Key: "opened", Names: []string{"completed_or_opened", "竣工/投用时间", "竣工时间", "投用时间", "竣工投用时间", "竣工或投用时间", "开园时间"}},
	{Key: "tenants_signed", Names: []string{"tenants_signed", "签约企业数", "签约企业", "签约数"}},
	{Key: "tenants_fitting_out", Names: []string{"tenants_fitting_out", "装修企业数", "装修企业", "装修数"}},
	{Key: "tenants_producing", Names: []string{"tenants_producing", "投产企业数", "投产企业", "投产数"}},
	{Key: "tenants_enrolled", Names: []string{"tenants_nashu", "tenants_enrolled", "纳统企业数", "纳统企业", "纳统数", "升规纳统企业数"}},
	{Key: "leasing_rate", Names: []string{"leasing_rate_pct", "招商率", "去化率", "招商去化率"}},
	{Key: "expected_output", Names: []string{"expected_output_yi_yuan", "预计年产值", "预期年产值", "达产年产值"}},
	{Key: "expected_tax", Names: []string{"expected_tax_wan_yuan", "预计年税收", "预期年税收", "达产年税收"}},
	{Key: "photo_no", Names: []string{"photo_no", "照片编号", "航拍编号", "图片编号"}},
	{Key: "as_of", Names: []string{"data_as_of", "数据时间", "数据截止时间", "数据截至", "截止时间", "统计时点"}},
	{Key: "source", Names: []string{"source_url", "来源", "数据来源", "来源网址"}},
	{Key: "other_sources", Names: []string{"other_source_urls", "其他来源", "其它来源"}},
	{Key: "note", Names: []string{"note", "备注", "说明"}},
}

// parkUnits are the units that names without brackets carry in themselves.
var parkUnits = map[string]string{
	"land_area_mu": "亩", "land_area_m2": "m2", "land_area_ha": "公顷", "floor_area_m2": "m2", "factory_area_m2": "m2",
	"investment_yi_yuan": "亿元", "leasing_rate_pct": "%", "expected_output_yi_yuan": "亿元", "expected_tax_wan_yuan": "万元",
}

// ParkList reads a park list (园区清单) of any office, CSV or workbook, into the rows that the noun park judges. file is the
// name for messages. Cells that cannot be read for what they say are problems; the rows are complete all the same, so
// that the noun can find the rest. Rows in which no wanted column holds anything are left out.
// Errors: those of Read and Table.Rows.
func ParkList(ctx context.Context, file string, r io.ReaderAt, size int64) (park.ListFile, Problems, error) {
	return ParkListOf(ctx, r, size, Options{File: file})
}

// ParkListOf is ParkList with the sheet and the limits of o. Further sheets that look like the list are a problem unless o
// names the sheet: nobody can say whether they are counties or old copies.
func ParkListOf(ctx context.Context, r io.ReaderAt, size int64, o Options) (park.ListFile, Problems, error) {
	var problems Problems
	o.Columns, o.MaxRows = parkColumns, maxParks
	t, err := Read(ctx, r, size, o)
	if err != nil {
		return park.ListFile{}, problems, fault.Wrap("sheet.ParkList", err)
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, io.NewSectionReader(r, 0, size)); err != nil {
		return park.ListFile{}, problems, fault.Wrap("sheet.ParkList", err)
	}
	if len(t.Others) > 0 {
		problems.Add(t.problem(t.HeaderRow, "", Cell{}, "sheet.other_sheets", "sheets", strings.Join(t.Others, ", ")))
	}
	list := park.ListFile{File: t.File, Sheet: t.Sheet, Digest: hex.EncodeToString(digest.Sum(nil)), Ignored: t.Ignored}
	for row, err := range t.Rows(ctx, &problems) {
		if err != nil {
			return park.ListFile{}, problems, fault.Wrap("sheet.ParkList", err)
		}
		if listed, ok := t.listed(row, &problems); ok {
			list.Rows = append(list.Rows, listed)
		}
	}
	return list, problems, nil
}

// listed takes the wanted cells of a row. ok is false when all of them are blank.
func (t *Table) listed(row Row, problems *Problems) (l park.Listed, ok bool) {
	l = park.Listed{Row: row.Number, Cells: make(map[string]park.ListedCell, len(t.Places))}
	for _, p := range t.Places {
		c := row.Cells[p.Index]
		if ok = ok || !c.blank(); c.Error {
			problems.Add(t.problem(row.Number, p.Title, c, "sheet.error_value"))
		}
		l.Cells[p.Key] = listedCell(c, p)
	}
	return l, ok
}

// listedCell joins a cell with its column's unit. A percent sign in the cell is a unit, and stronger than the column's: what
// is 88% on the page is never taken for 0.88 of something.
func listedCell(c Cell, p Place) park.ListedCell {
	cell := park.ListedCell{Text: c.Text, Unit: p.Unit, Column: p.Title, Ref: c.Ref, Formula: c.Formula}
	if own, ok := parkUnits[p.Name]; ok && cell.Unit == "" {
		cell.Unit = own
	}
	bare := strings.TrimSpace(c.Text)
	for _, sign := range []string{"%", "%"} {
		if n, found := strings.CutSuffix(bare, sign); found && number.MatchString(strings.TrimSpace(n)) {
			cell.Text, cell.Unit = strings.TrimSpace(n), "%"
		}
	}
	return cell
}
