import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { day, moment } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { fileURL, thumbnailURL } from './http'
import { Expiry, GradeTag, stageNameOf } from './marks'
import type { Evidence, Stage, Twin } from './types'

interface EvidenceCardProps {
  item: Evidence
  stages: readonly Stage[] | null
  showStage: boolean
  onSee: () => void
  /** Undefined where the user may not withdraw it. */
  onWithdraw: (() => void) | undefined
}

/** EvidenceCard is one piece of evidence: what it proves, whose it is, and whether the same picture stands elsewhere. */
export function EvidenceCard({ item, stages, showStage, onSee, onWithdraw }: EvidenceCardProps) {
  const { t, lang } = useText()
  const gone = Boolean(item.withdrawn_at)
  return (
    <li className={gone ? 'gone' : undefined}>
      {item.thumbnail && (
        <button
          type="button"
          className="pb-sub-thumb"
          onClick={onSee}
          aria-label={t('evidence.see', { title: item.title })}
        >
          <img src={thumbnailURL(item.id)} alt="" loading="lazy" />
        </button>
      )}
      <div className="pb-sub-about">
        <p className="pb-sub-title">
          <GradeTag grade={item.grade} /> {gone ? <s>{item.title}</s> : <b>{item.title}</b>}
        </p>
        <p className="pb-soft">
          {[
            showStage && item.stage && stageNameOf(stages, item.stage, lang),
            item.number && t('evidence.numberIs', { number: item.number }),
            item.issued && t('evidence.issuedOn', { day: day(item.issued, lang) }),
            item.note,
          ]
            .filter(Boolean)
            .join(' · ')}{' '}
          <Expiry expires={item.expires} />
        </p>
        <Taken item={item} />
        <p className="pb-soft">
          {item.recorder} · {moment(item.recorded_at, lang)}
          {item.used && !gone && <> · {t('evidence.used')}</>}
        </p>
        {gone && (
          <p>
            {t('evidence.withdrawnBy', {
              actor: item.withdrawn_by,
              at: moment(item.withdrawn_at, lang),
              reason: item.withdrawn_reason,
            })}
          </p>
        )}
        {!gone && (item.twice ?? []).map((twin) => <Twice key={twin.id} twin={twin} stages={stages} />)}
        <div className="pb-deeds">
          {item.file_name && (
            <a href={fileURL(item.id)} download={item.file_name}>
              {t('evidence.download', { name: item.file_name })}
            </a>
          )}
          {onWithdraw && (
            <Button
              size="small"
              onClick={onWithdraw}
              aria-label={t('evidence.withdrawOf', { title: item.title })}
            >
              {t('evidence.withdraw')}
            </Button>
          )}
        </div>
      </div>
    </li>
  )
}

/** Taken says when and where a photo was taken, for those who may see it. */
function Taken({ item }: { item: Evidence }) {
  const { t, lang } = useText()
  const placed = item.latitude !== null && item.longitude !== null
  if (!item.taken_at && !placed) return null
  return (
    <p className="pb-soft">
      {[
        item.taken_at && t('evidence.takenAt', { at: moment(item.taken_at, lang) }),
        placed &&
          t('evidence.place', { latitude: degrees(item.latitude), longitude: degrees(item.longitude) }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  )
}

const degrees = (value: number | null) => (value ?? 0).toFixed(5)

/** Twice warns of the same picture at another place, with the way there. */
function Twice({ twin, stages }: { twin: Twin; stages: readonly Stage[] | null }) {
  const { t, lang } = useText()
  const to = twin.subject_kind === 'project' ? '/projects/$id' : '/tenancies/$id'
  const linked = twin.subject_kind === 'project' || twin.subject_kind === 'tenancy'
  const name = [twin.name, twin.stage && stageNameOf(stages, twin.stage, lang)].filter(Boolean).join(' · ')
  return (
    <p className="pb-sub-twice">
      <Glyph name="broken" />
      <span>
        {t(twin.exact ? 'evidence.sameFile' : 'evidence.samePicture')}
        {linked ? (
          <Link to={to} params={{ id: twin.subject }} search={{ stage: twin.stage || undefined }}>
            {name}
          </Link>
        ) : (
          name
        )}
      </span>
    </p>
  )
}
