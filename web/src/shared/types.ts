// Short names for the API's types.
import type { Schema } from './api'

export type Me = Schema<'Me'>
export type Org = Schema<'Org'>
export type Park = Schema<'Park'>
export type ParkPage = Schema<'ParkDetail'>
export type Used = Schema<'Used'>
export type Figure = Schema<'Figure'>
export type Statement = Schema<'Statements'>
export type Enterprise = Schema<'Enterprise'>
export type EnterprisePage = Schema<'EnterpriseDetail'>
export type Tenancy = Schema<'Tenancy'>
export type Project = Schema<'Project'>
export type Indicator = Schema<'Indicator'>
export type Reading = Schema<'Reading'>
export type Group = Schema<'ReadingGroup'>
export type ReadingTarget = Schema<'ReadingTarget'>
export type ReadingPart = Schema<'ReadingPart'>
export type Row = Schema<'ReadingRow'>
export type Rows = Schema<'ReadingRows'>
export type Report = Schema<'ImportReport'>
export type Hit = Schema<'Hit'>
