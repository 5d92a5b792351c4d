import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Glyph } from '../shared/Glyph'
import { switchLanguage, useText } from '../shared/i18n'

/** LanguageSwitch shows the other language in its own name; the server's texts are asked for again. */
export function LanguageSwitch() {
  const { t, lang } = useText()
  const client = useQueryClient()
  const [failed, setFailed] = useState(false)
  const other = lang === 'en' ? 'zh-CN' : 'en'
  return (
    <Button
      type="text"
      className="pb-top-button"
      lang={other}
      icon={<Glyph name="language" />}
      onClick={() =>
        switchLanguage(other).then(
          () => client.invalidateQueries(),
          () => setFailed(true),
        )
      }
    >
      {failed ? t('state.offline') : other === 'en' ? 'English' : '中文'}
    </Button>
  )
}
