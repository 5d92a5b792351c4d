import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import type { Review } from './types'
import { earlierGrades, gradeOf } from './view'

/** GradeText is the grade that counts of a site, an office or the whole, with its remark. */
export function GradeText({ review, site, short }: { review: Review; site: string; short?: boolean }) {
  const { t, lang } = useText()
  const grade = gradeOf(review.grades, site)
  if (!grade) return <span className="pb-soft">{t('quarter.noGrade')}</span>
  const before = earlierGrades(review.grades, site)
  return (
    <span>
      <b>{nameIn(lang, grade.grade_name, grade.grade_name_en)}</b>
      {!short && (
        <>
          {grade.remark && <span> · {grade.remark}</span>}{' '}
          <span className="pb-soft">
            {grade.actor} · {moment(grade.at, lang)}
            {before.length > 0 && ` · ${t('quarter.earlier', { count: before.length })}`}
          </span>
        </>
      )}
    </span>
  )
}
