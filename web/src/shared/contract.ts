// What pages write down of the server's answers by hand must be in them: a field that the server renamed or dropped does not
// compile here. The left side is the page's type, the right side the name of the generated one.
import type * as lifecycle from '../lifecycle/types'
import type * as pipeline from '../pipeline/types'
import type * as problem from '../problem/types'
import type * as quarter from '../quarter/types'
import type * as readiness from '../readiness/types'
import type * as subject from '../subject/types'
import type { components } from './openapi'

type Schemas = components['schemas']

/** Unsent are the fields of a page's type that the server's answer does not have. */
type Unsent<Page, Name extends keyof Schemas> = Exclude<keyof Page, keyof Schemas[Name]>
type None<Fields extends never> = Fields

export type Contract = [
  None<Unsent<pipeline.Card, 'PipelineCard'>>,
  None<Unsent<pipeline.Lane, 'PipelineLane'>>,
  None<Unsent<pipeline.Kanban, 'PipelineKanban'>>,
  None<Unsent<pipeline.TableMark, 'PipelineMilestone'>>,
  None<Unsent<pipeline.TableRow, 'PipelineRow'>>,
  None<Unsent<pipeline.GanttRow, 'PipelineLine'>>,
  None<Unsent<pipeline.GanttPage, 'PipelineGantt'>>,
  None<Unsent<pipeline.Funnel, 'PipelineFunnel'>>,
  None<Unsent<pipeline.FunnelRow, 'FunnelGroup'>>,
  None<Unsent<pipeline.FunnelStage, 'FunnelStage'>>,
  None<Unsent<pipeline.Baseline, 'Baseline'>>,
  None<Unsent<pipeline.Slippage, 'PlanComparison'>>,
  None<Unsent<pipeline.SlippageRow, 'PlanSlip'>>,
  None<Unsent<pipeline.Track, 'Track'>>,
  None<Unsent<pipeline.TrackStage, 'TrackStage'>>,
  None<Unsent<pipeline.StepChange, 'MilestoneChange'>>,
  None<Unsent<subject.Track, 'Track'>>,
  None<Unsent<subject.Stage, 'TrackStage'>>,
  None<Unsent<subject.DeemedDay, 'TrackDeemed'>>,
  None<Unsent<subject.TrackEvent, 'TrackEvent'>>,
  None<Unsent<subject.Said, 'Said'>>,
  None<Unsent<subject.Evidence, 'Evidence'>>,
  None<Unsent<subject.PromiseItem, 'PromiseItem'>>,
  None<Unsent<subject.PromiseRow, 'PromiseRow'>>,
  None<Unsent<subject.Promises, 'Promises'>>,
  None<Unsent<subject.Land, 'PromiseLand'>>,
  None<Unsent<subject.Officer, 'SubjectOfficer'>>,
  None<Unsent<lifecycle.LifecycleHead, 'LifecycleHead'>>,
  None<Unsent<lifecycle.LifecycleStage, 'LifecycleStage'>>,
  None<Unsent<lifecycle.Lifecycle, 'Lifecycle'>>,
  None<Unsent<lifecycle.LifecycleCheck, 'LifecycleCheck'>>,
  None<Unsent<readiness.ReadinessItem, 'ReadinessItem'>>,
  None<Unsent<readiness.Board, 'ReadinessBoard'>>,
  None<Unsent<readiness.Detail, 'ReadinessDetail'>>,
  None<Unsent<readiness.Month, 'ReadinessMonth'>>,
  None<Unsent<readiness.Fact, 'EnrolmentFact'>>,
  None<Unsent<readiness.Paper, 'EnrolmentPaper'>>,
  None<Unsent<readiness.Task, 'ReadinessTask'>>,
  None<Unsent<readiness.Sign, 'ReadinessSign'>>,
  None<Unsent<problem.Problem, 'ProblemRow'>>,
  None<Unsent<problem.ProblemEvent, 'ProblemEvent'>>,
  None<Unsent<problem.ProblemPage, 'ProblemPage'>>,
  None<Unsent<problem.Rules, 'ProblemRules'>>,
  None<Unsent<problem.Breach, 'BreachRow'>>,
  None<Unsent<quarter.Head, 'QuarterReview'>>,
  None<Unsent<quarter.Review, 'QuarterReviewPage'>>,
  None<Unsent<quarter.Body, 'QuarterBody'>>,
  None<Unsent<quarter.Site, 'QuarterSite'>>,
  None<Unsent<quarter.Grade, 'ReviewGrade'>>,
]
