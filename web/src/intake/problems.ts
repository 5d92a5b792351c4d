// Which of the problems of a check are on screen.
import type { Problem } from './types'

export interface Filter {
  field?: string
  severity?: string
  text: string
}

/** filtered keeps the problems that a filter lets through; its text is looked for in cell, original text and sentence. */
export function filtered(problems: Problem[], { field, severity, text }: Filter): Problem[] {
  const sought = text.trim().toLowerCase()
  return problems.filter(
    (problem) =>
      (!field || problem.field === field) &&
      (!severity || problem.severity === severity) &&
      (!sought ||
        [problem.cell, problem.text, problem.message, String(problem.row)].some((part) =>
          part.toLowerCase().includes(sought),
        )),
  )
}

/** counted counts the problems by a part of them, the most frequent first. */
export function counted(problems: Problem[], part: 'field' | 'severity'): { value: string; count: number }[] {
  const found = new Map<string, number>()
  for (const problem of problems) found.set(problem[part], (found.get(problem[part]) ?? 0) + 1)
  return [...found]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || one.value.localeCompare(other.value))
}

/** placeOf names a problem's cell once in a file: sheets repeat the same cells. */
export function placeOf({ sheet, row, cell, column }: Problem): string {
  return [sheet, cell || `${column}${row > 0 ? row : ''}`].filter(Boolean).join('!')
}

const often = 3 // cells with the same text that are more than a slip

/** repeated lists texts that several cells have and that could not be read: likely words for "unknown", most frequent first. */
export function repeated(problems: Problem[]): { text: string; count: number }[] {
  const found = new Map<string, number>()
  for (const { key, text } of problems)
    if (key.startsWith('value.') && text) found.set(text, (found.get(text) ?? 0) + 1)
  return [...found]
    .map(([text, count]) => ({ text, count }))
    .filter(({ count }) => count >= often)
    .sort((one, other) => other.count - one.count || one.text.localeCompare(other.text))
}
