import { Button, Dropdown, Select } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { percent, quantity } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Loaded } from '../shared/Panel'
import { Empty } from '../shared/states'
import { useNarrow } from '../shared/useNarrow'
import { useOverflow } from '../shared/useOverflow'
import { useSetSearch } from '../shell/scope'
import { cardsOf, keyOf, knownOf, sumOf } from './lanes'
import { MoveDrawer } from './MoveDrawer'
import { Days, Late, Light, lightWhy, SubjectLink } from './parts'
import { useKanban, useLater, useMoves, useOfficerName } from './queries'
import type { Card, Filter, Lane } from './types'

interface Move {
  card: Card
  stage: string
}

/** BoardView (看板) shows one lane for each stage. A card moves only with evidence. */
export function BoardView({ filter, lane }: { filter: Filter; lane: string | undefined }) {
  const { t } = useText()
  const { stage: _, ...whole } = filter
  const board = useKanban(whole)
  const [move, setMove] = useState<Move | null>(null)
  return (
    <>
      <Loaded query={board} height={520}>
        {({ lanes }) =>
          lanes?.some(({ count }) => count > 0) ? (
            <Lanes lanes={lanes} filter={whole} picked={lane} onMove={setMove} />
          ) : (
            <Empty title={t('pipeline.none')} detail={t('pipeline.noneWhy')} />
          )
        }
      </Loaded>
      {move && (
        <MoveDrawer
          key={`${keyOf(move.card)}/${move.stage}`}
          of={move.card}
          stage={move.stage}
          onClose={() => setMove(null)}
        />
      )}
    </>
  )
}

interface LanesProps {
  lanes: Lane[]
  filter: Filter
  picked: string | undefined
  onMove: (move: Move) => void
}

function Lanes({ lanes, filter, picked, onMove }: LanesProps) {
  const { t, lang } = useText()
  const narrow = useNarrow()
  const setSearch = useSetSearch()
  const box = useRef<HTMLElement>(null)
  const over = useOverflow(box)
  const dragged = useRef<Card | null>(null)
  if (narrow) {
    const lane =
      lanes.find(({ stage }) => stage === picked) ?? lanes.find(({ count }) => count > 0) ?? lanes[0]
    if (!lane) return null
    return (
      <div className="pb-column">
        <Select
          aria-label={t('pipeline.lane')}
          value={lane.stage}
          onChange={(stage) => setSearch({ stage })}
          options={lanes.map(({ stage, name, name_en, count }) => ({
            value: stage,
            label: `${nameIn(lang, name, name_en)} · ${count}`,
          }))}
        />
        <LaneColumn lane={lane} lanes={lanes} filter={filter} dragged={dragged} onMove={onMove} />
      </div>
    )
  }
  return (
    <section
      ref={box}
      className="pb-pipe-board"
      aria-label={t('pipelineView.board')}
      tabIndex={over ? 0 : undefined}
    >
      {lanes.map((lane) => (
        <LaneColumn
          key={lane.stage}
          lane={lane}
          lanes={lanes}
          filter={filter}
          dragged={dragged}
          onMove={onMove}
        />
      ))}
    </section>
  )
}

/** isStage tells the lanes of stages from that of subjects which entered none yet. */
const isStage = ({ stage }: Lane) => stage !== 'none'

interface LaneColumnProps {
  lane: Lane
  lanes: Lane[]
  filter: Filter
  dragged: { current: Card | null }
  onMove: (move: Move) => void
}

function LaneColumn({ lane, lanes, filter, dragged, onMove }: LaneColumnProps) {
  const { t, lang } = useText()
  const moves = useMoves()
  const nameOf = useOfficerName()
  const [over, setOver] = useState(false)
  const later = useLater(filter, lane)
  const cards = cardsOf(lane, later.data?.pages.flatMap(({ items }) => items ?? []) ?? [])
  const more = later.data ? later.hasNextPage : lane.next !== ''
  const name = nameIn(lang, lane.name, lane.name_en)
  const target = moves &&
    isStage(lane) && {
      onDragOver: (event: DragEvent) => {
        if (!dragged.current || dragged.current.stage === lane.stage) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setOver(false)
        if (dragged.current) onMove({ card: dragged.current, stage: lane.stage })
        dragged.current = null
      },
    }
  return (
    <section className={`pb-pipe-lane ${over ? 'over' : ''}`} aria-label={name} {...target}>
      <LaneHead lane={lane} kind={filter.kind} />
      <ul>
        {cards.map((card) => (
          <li
            key={keyOf(card)}
            className="pb-pipe-card"
            draggable={moves}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              event.dataTransfer.setData('text/plain', card.name)
              dragged.current = card
            }}
            onDragEnd={() => {
              dragged.current = null
            }}
          >
            <CardBody card={card} nameOf={nameOf} />
            {moves && <MoveMenu card={card} lanes={lanes} onMove={(stage) => onMove({ card, stage })} />}
          </li>
        ))}
      </ul>
      {cards.length === 0 && <p className="pb-soft">{t('pipeline.emptyLane')}</p>}
      {later.isError && <p role="alert">{t('state.failed')}</p>}
      {more && (
        <Button onClick={() => later.fetchNextPage()} loading={later.isFetching}>
          {t('pipeline.moreOf', { shown: cards.length, count: lane.count })}
        </Button>
      )}
    </section>
  )
}

function LaneHead({ lane, kind }: { lane: Lane; kind: Filter['kind'] }) {
  const { t, lang } = useText()
  const sum = sumOf(lane, kind)
  const known = knownOf(lane, kind)
  return (
    <header>
      <h3>
        {nameIn(lang, lane.name, lane.name_en)} <b>{lane.count.toLocaleString('en-US')}</b>
        {lane.late > 0 && <small>{t('pipeline.lateCount', { count: lane.late })}</small>}
      </h3>
      <dl>
        <div>
          <dt>{t(kind === 'tenancy' ? 'tenancy.area' : 'project.investment')}</dt>
          <dd>
            {quantity(sum.value, sum.unit, lang)}
            {known > 0 && known < lane.count && (
              <small> {t('pipeline.unknownSum', { count: lane.count - known })}</small>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('pipeline.median')}</dt>
          <dd>
            {lane.median_days === null ? '—' : t('pipeline.days', { count: Math.round(lane.median_days) })}
          </dd>
        </div>
        <div>
          <dt>{t('pipeline.conversion')}</dt>
          <dd>{lane.conversion === null ? '—' : percent(lane.conversion, 0)}</dd>
        </div>
      </dl>
    </header>
  )
}

function CardBody({ card, nameOf }: { card: Card; nameOf: (username: string) => string }) {
  const { t, lang } = useText()
  const sum = sumOf(card, card.kind)
  const place = card.park_name || nameIn(lang, card.org_name, card.org_name_en)
  return (
    <>
      <p className="pb-pipe-name">
        <SubjectLink of={card} /> <Nature nature={card.nature} />
      </p>
      <p className="pb-soft">
        {place}
        {sum.value !== null && ` · ${quantity(sum.value, sum.unit, lang)}`}
      </p>
      <p className="pb-pipe-marks">
        <Days card={card} />
        {card.late && <Late />}
        {card.light !== 'off' && <Light light={card.light} why={lightWhy(card, lang)} />}
        {card.suspended && <span className="pb-pipe-tag">{t('pipeline.suspended')}</span>}
        {card.problems > 0 && (
          <span className="pb-pipe-tag">{t('pipeline.problems', { count: card.problems })}</span>
        )}
      </p>
      <p className="pb-soft">
        {card.officer ? t('pipeline.officerIs', { name: nameOf(card.officer) }) : t('pipeline.noOfficer')}
      </p>
    </>
  )
}

interface MoveMenuProps {
  card: Card
  lanes: Lane[]
  onMove: (stage: string) => void
}

/** MoveMenu is made when it is asked for: a board has hundreds of cards. */
function MoveMenu({ card, lanes, onMove }: MoveMenuProps) {
  const { t, lang } = useText()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const nameOf = ({ name, name_en }: Lane) => nameIn(lang, name, name_en)
  return (
    <span className="pb-pipe-move">
      <button
        ref={button}
        type="button"
        className="pb-cell"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={t('pipeline.moveOf', { name: card.name })}
        onClick={() => setOpen(true)}
      >
        {t('pipeline.moveTo')} <Glyph name="down" />
      </button>
      {open && (
        <Dropdown
          open
          autoFocus
          trigger={['click']}
          onOpenChange={(next) => {
            setOpen(next)
            if (!next) button.current?.focus()
          }}
          menu={{
            items: lanes.filter(isStage).map((lane) => ({
              key: lane.stage,
              label: lane.stage === card.stage ? t('pipeline.here', { stage: nameOf(lane) }) : nameOf(lane),
            })),
            onClick: ({ key }) => onMove(key),
          }}
        >
          <span aria-hidden="true" />
        </Dropdown>
      )}
    </span>
  )
}
