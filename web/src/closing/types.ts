// Short names for the API's types of closings (封账) and their vintages.
import type { Schema } from '../shared/api'

export type Closing = Schema<'Closing'>
export type Closings = Schema<'Closings'>
export type Complete = Schema<'ClosingCount'>
export type Vintage = Schema<'Vintage'>
export type Report = Schema<'VintageReport'>
export type ReportIndicator = Schema<'VintageIndicator'>
export type Verified = Schema<'Verification'>
export type Bridge = Schema<'Bridge'>
export type BridgeStep = Schema<'BridgeStep'>
export type StepKind = BridgeStep['kind']
