// The mapping of an office's table as the user corrects it: which column is which field, and how its cells are read.
// Nothing is decided here that the user does not see.
import type { ColumnMap, Intake, IntakeField, Layout, LayoutColumn, Mapping, Suggestion } from './types'

/** A column as the mapping step shows it: what stands in the file, what was proposed, what is chosen. */
export interface ColumnRow {
  seen: LayoutColumn
  map: ColumnMap
  proposed: Suggestion[]
}

/** layoutOf gives the layout that a mapping reads, else the surest one. */
export function layoutOf(
  intake: Pick<Intake, 'layouts'>,
  mapping: Pick<Mapping, 'sheet' | 'first' | 'last'> | null,
): Layout | undefined {
  const layouts = intake.layouts ?? []
  const same = layouts.find(
    ({ sheet, first, last }) =>
      mapping !== null && sheet === (mapping.sheet ?? '') && first === mapping.first && last === mapping.last,
  )
  return same ?? layouts.find(({ sheet }) => sheet === mapping?.sheet) ?? layouts[0]
}

/** proposal makes a mapping of a layout and the suggestions that were chosen for it. */
export function proposal(layout: Layout, suggestions: Suggestion[], fields: IntakeField[]): Mapping {
  const columns = (layout.columns ?? []).map((column): ColumnMap => {
    const plain = { column: column.letter, title: column.title }
    const chosen = suggestions.find((one) => one.chosen && one.column === column.index)
    const field = fields.find(({ code }) => code === chosen?.field)
    if (!field) return plain
    const map = given(plain, field, column.unit || layout.unit)
    return column.roc && map.kind === 'date' ? { ...map, roc: true } : map
  })
  return {
    version: 1,
    fingerprint: layout.fingerprint,
    sheet: layout.sheet,
    first: layout.first,
    last: layout.last,
    ...(layout.order ? { order: layout.order } : {}),
    columns,
  }
}

/** given is a column with a field: its kind, and of a quantity the unit that was written, where it is of the field's kind. */
function given(column: ColumnMap, field: IntakeField, written: string): ColumnMap {
  const out: ColumnMap = { ...column, field: field.code, kind: field.kind === 'choice' ? 'text' : field.kind }
  delete out.unit
  if (field.kind === 'quantity') {
    const unit = unitsLike(field.unit).find((symbol) => symbol === written)
    if (unit) out.unit = unit
  }
  return out
}

/** assign gives a column another field, or none; a field stands in one column only, so the other loses it. */
export function assign(mapping: Mapping, seen: LayoutColumn, field: IntakeField | undefined): Mapping {
  const columns = mapping.columns.map((column) => {
    if (column.column === seen.letter) {
      const plain = { column: column.column, title: column.title, unknown: column.unknown, down: column.down }
      return field ? given(plain, field, seen.unit) : plain
    }
    return field && column.field === field.code ? { column: column.column, title: column.title } : column
  })
  return { ...mapping, columns }
}

/** adjust changes how one column is read. */
export function adjust(mapping: Mapping, letter: string, change: Partial<ColumnMap>): Mapping {
  return {
    ...mapping,
    columns: mapping.columns.map((column) => (column.column === letter ? { ...column, ...change } : column)),
  }
}

/** rowsOf puts the columns of the file beside what the mapping says of them. */
export function rowsOf(layout: Layout, mapping: Mapping, suggestions: Suggestion[]): ColumnRow[] {
  const known = new Map(mapping.columns.map((column) => [column.column, column]))
  return (layout.columns ?? []).map((seen) => ({
    seen,
    map: known.get(seen.letter) ?? { column: seen.letter, title: seen.title },
    proposed: suggestions
      .filter(({ column }) => column === seen.index)
      .sort((one, other) => other.score - one.score),
  }))
}

/** complete adds columns that the mapping does not name, so that every column of the layout can be assigned. */
export function complete(mapping: Mapping, layout: Layout): Mapping {
  const named = new Set(mapping.columns.map(({ column }) => column))
  const more = (layout.columns ?? [])
    .filter(({ letter }) => !named.has(letter))
    .map(({ letter, title }) => ({ column: letter, title }))
  return more.length > 0 ? { ...mapping, columns: [...mapping.columns, ...more] } : mapping
}

/** missing lists the required fields that no column holds. */
export function missing(mapping: Mapping, fields: IntakeField[]): IntakeField[] {
  const taken = new Set(mapping.columns.map(({ field }) => field))
  return fields.filter(({ code, required, key }) => (required || key) && !taken.has(code))
}

// By these a row names its subject; they are no fields of the form.
const namesSubject = (code: string | undefined) => code?.startsWith('@') ?? false

/** lacksSubject lists the fields of which a table of several subjects needs one, when no column holds any of them. */
export function lacksSubject(mapping: Mapping, fields: IntakeField[]): IntakeField[] {
  const named = mapping.columns.some(({ field }) => namesSubject(field))
  return named ? [] : fields.filter(({ code }) => namesSubject(code))
}

/** unitless lists the columns of quantities whose unit nobody has said although the field has several. */
export function unitless(mapping: Mapping, fields: IntakeField[]): ColumnMap[] {
  const units = new Map(fields.map(({ code, unit }) => [code, unit]))
  return mapping.columns.filter(
    ({ field, kind, unit }) =>
      field && kind === 'quantity' && !unit && unitsLike(units.get(field) ?? '').length > 1,
  )
}

// Units that measure the same, the usual ones first.
const alike = [
  ['平方米', '㎡', 'm²', 'm2', '万平方米', '万㎡', '亩', 'mu', '公顷', 'ha'],
  ['万元', '元', '亿元'],
  ['%', '比例'],
  ['千瓦时', 'kWh', '万千瓦时'],
  ['人'],
  ['家'],
  ['个'],
  ['户'],
]

/** unitsLike lists the units in which a field's numbers may be written. */
export function unitsLike(unit: string): string[] {
  if (!unit) return []
  return alike.find((group) => group.includes(unit)) ?? [unit]
}

/** unitChoices are unitsLike without the second spellings, but with the one that is chosen. */
export function unitChoices(unit: string, chosen: string | undefined): string[] {
  const doubles = ['㎡', 'm²', 'm2', '万㎡', 'mu', 'ha', 'kWh']
  return unitsLike(unit).filter((symbol) => symbol === unit || symbol === chosen || !doubles.includes(symbol))
}

/** tidy leaves out what is empty, so that an untouched mapping is sent as it came. */
export function tidy(mapping: Mapping): Mapping {
  return {
    ...mapping,
    columns: mapping.columns.map((column) => {
      const out = { ...column }
      if (!out.field) delete out.field
      if (!out.kind) delete out.kind
      if (!out.unit) delete out.unit
      if (!out.order) delete out.order
      if (!out.roc) delete out.roc
      if (!out.down) delete out.down
      if (!out.unknown?.length) delete out.unknown
      return out
    }),
  }
}
