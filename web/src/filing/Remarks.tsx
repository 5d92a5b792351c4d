import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { Refusal } from '../shared/FormDrawer'
import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { calls } from './http'
import { address } from './queries'
import type { Filing, FormItem, Ref } from './types'

/** Remarks are questions and answers about a filing and its fields; they change no figure. */
export function Remarks({ of, filing, items }: { of: Ref; filing: Filing; items: FormItem[] }) {
  const { t, lang } = useText()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [field, setField] = useState('')
  const send = useMutation({
    mutationFn: () => calls.remark(of, { key: '', field, text: text.trim() }),
    onSuccess: () => {
      setText('')
      client.invalidateQueries({ queryKey: ['filing', address(of)] })
    },
  })
  const remarks = filing.remarks ?? []
  const nameOf = (code: string) => {
    const item = items.find((other) => other.field === code)
    return item ? nameIn(lang, item.name, item.name_en) : code
  }
  return (
    <Panel title={t('fill.remarks')} note={t('fill.remarksNote')}>
      {remarks.length > 0 && (
        <ul className="pb-happened">
          {remarks.map((remark) => (
            <li key={`${remark.at}/${remark.key}/${remark.field}/${remark.text}`}>
              {(remark.key || remark.field) && (
                <b>
                  {[remark.key, remark.field && nameOf(remark.field)].filter(Boolean).join(' · ')}
                  {t('fill.colon')}
                </b>
              )}
              {remark.text}
              <br />
              <small>
                {remark.actor} · {moment(remark.at, lang)}
              </small>
            </li>
          ))}
        </ul>
      )}
      <div className="pb-remark">
        <Select
          aria-label={t('fill.remarkAbout')}
          value={field}
          onChange={setField}
          options={[
            { value: '', label: t('fill.wholeFiling') },
            ...items.map((item) => ({ value: item.field, label: nameIn(lang, item.name, item.name_en) })),
          ]}
        />
        <Input.TextArea
          aria-label={t('fill.remarkText')}
          placeholder={t('fill.remarkText')}
          value={text}
          maxLength={1000}
          autoSize={{ minRows: 1, maxRows: 5 }}
          onChange={(event) => setText(event.target.value)}
        />
        <Button disabled={!text.trim()} loading={send.isPending} onClick={() => send.mutate()}>
          {t('fill.remarkSend')}
        </Button>
      </div>
      {send.isError && <Refusal error={send.error} />}
    </Panel>
  )
}
