// The fields that sources state of a park, in the order of a fact sheet, and the units in which people write them.
export const fields = [
  'land_area',
  'floor_area',
  'factory_area',
  'investment',
  'started',
  'opened',
  'tenants_signed',
  'tenants_fitting_out',
  'tenants_producing',
  'tenants_enrolled',
  'leasing_rate',
  'expected_output',
  'expected_tax',
] as const

export type Field = (typeof fields)[number]

const units: Record<string, readonly string[]> = {
  land_area: ['亩', '公顷', 'm2'],
  floor_area: ['m2', '万m2'],
  factory_area: ['m2', '万m2'],
  investment: ['亿元', '万元'],
  expected_output: ['亿元', '万元'],
  expected_tax: ['万元', '亿元'],
  leasing_rate: ['%'],
}

/** unitsOf lists the units that a form offers for a field; dates have none. */
export function unitsOf(field: string): readonly string[] {
  if (field === 'started' || field === 'opened') return []
  return units[field] ?? ['家']
}

/** inOrder sorts by the order of the fact sheet; an unknown field comes last. */
export function inOrder<Item>(items: Item[], fieldOf: (item: Item) => string): Item[] {
  const place = (item: Item) => {
    const at = (fields as readonly string[]).indexOf(fieldOf(item))
    return at < 0 ? fields.length : at
  }
  return [...items].sort((a, b) => place(a) - place(b))
}
