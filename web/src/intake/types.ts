// Short names for the API's types of intakes (导入): an office's file on its way into filings.
import type { Schema } from '../shared/api'

export type FormHead = Schema<'FormHead'>
/** An intake; what is not there yet is null, which the contract cannot say of an object. */
export type Intake = Omit<Schema<'Intake'>, 'mapping' | 'job' | 'report'> & {
  mapping: Schema<'IntakeMapping'> | null
  job: Progress | null
  report: IntakeReport | null
}
export type IntakeHead = Schema<'IntakeHead'>
export type IntakeState = IntakeHead['state']
export type Layout = Schema<'IntakeLayout'>
export type LayoutColumn = Schema<'IntakeColumn'>
export type Mapping = Omit<Schema<'IntakeMapping'>, 'columns'> & { columns: ColumnMap[] }
export type ColumnMap = Schema<'IntakeMappingColumn'>
export type Suggestion = Schema<'IntakeSuggestion'>
export type IntakeField = Schema<'IntakeField'>
export type Progress = Schema<'IntakeJob'>
export type IntakeReport = Schema<'IntakeReport'>
export type Problem = Schema<'IntakeProblem'>
export type Change = Schema<'IntakeChange'>
