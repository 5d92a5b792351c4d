// Short names for what the server says of forms and filings.
import type { Schema } from '../shared/api'

export type FormHead = Schema<'FormHead'>
export type Form = Schema<'Form'>
export type FormItem = Schema<'FormItem'>
export type FormCheck = Schema<'FormCheck'>
export type Burden = Schema<'FormBurden'>
export type Task = Schema<'Task'>
export type OfficeProgress = Schema<'OfficeProgress'>
export type Progress = Schema<'FilingProgress'>
export type FilingRow = Schema<'FilingRow'>
export type Filing = Schema<'Filing'>
export type FilingRecord = Schema<'FilingRecord'>
export type Verdict = Schema<'Verdict'>
export type CellDiff = Schema<'CellDiff'>
export type CellOrigin = Schema<'CellOrigin'>
export type Provenance = Schema<'FilingCells'>
export type Outcome = Schema<'ApprovalOutcome'>
export type FilingState = FilingRow['state']
export type Severity = Verdict['severity']

/** What can be done to a filing, as FilingRow.can lists it. */
export type FilingDeed = 'fill' | 'submit' | 'recall' | 'approve' | 'return' | 'reopen'

/** The address of a filing; period is "-" for a standing form. */
export interface Ref {
  form: string
  kind: FilingRow['kind']
  subject: string
  period: string
}

/** allows reports whether the caller may do something to a filing now. */
export function allows(filing: Pick<FilingRow, 'can'>, deed: FilingDeed): boolean {
  return filing.can?.includes(deed) ?? false
}

export const subjectKinds = ['enterprise', 'park', 'org'] as const
export const filingStates = ['owed', 'draft', 'returned', 'submitted', 'approved'] as const
