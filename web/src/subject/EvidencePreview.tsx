import { Modal } from 'antd'
import { useState } from 'react'
import { useText } from '../shared/i18n'
import { fileURL } from './http'
import type { Evidence } from './types'

/** EvidencePreview shows the picture of a piece of evidence; Escape closes it and goes back to where it was opened. */
export function EvidencePreview({ item, onClose }: { item: Evidence; onClose: () => void }) {
  const { t } = useText()
  const [broken, setBroken] = useState(false)
  return (
    <Modal open title={item.title} footer={null} onCancel={onClose} width={960} centered>
      {broken ? (
        <p role="alert">{t('evidence.noPicture')}</p>
      ) : (
        <img
          className="pb-sub-picture"
          src={fileURL(item.id)}
          alt={t('evidence.pictureOf', { title: item.title })}
          onError={() => setBroken(true)}
        />
      )}
      <a href={fileURL(item.id)} download={item.file_name}>
        {t('evidence.download', { name: item.file_name })}
      </a>
    </Modal>
  )
}
