import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import en from '../messages/en.json'
import zh from '../messages/zh-CN.json'
import type { Lang } from './format'

const remembered = 'parkbrain.language'

function firstLanguage(): Lang {
  return localStorage.getItem(remembered) === 'en' ? 'en' : 'zh-CN'
}

function follow(language: string) {
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn')
  document.documentElement.lang = language
}

/** startI18n loads both catalogues; call it once before the first render. */
export function startI18n(language: Lang = firstLanguage()) {
  i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  follow(language)
}

/** switchLanguage changes the language of every text and remembers the choice on this computer. */
export async function switchLanguage(language: Lang) {
  localStorage.setItem(remembered, language)
  await i18next.changeLanguage(language)
  follow(language)
}

/** useText gives the translator and the language of the screen. */
export function useText() {
  const { t, i18n } = useTranslation()
  return { t, lang: (i18n.language === 'en' ? 'en' : 'zh-CN') as Lang }
}

/** nameIn picks the English name where the screen is English and the name is known. */
export function nameIn(lang: Lang, name: string, nameEN?: string | null): string {
  return lang === 'en' && nameEN ? nameEN : name
}

/** unitIn writes a unit in the language of the screen; one that has no other name is written as it is. */
export function unitIn(unit: string | null | undefined): string {
  return unit ? i18next.t(`unitName.${unit}`, unit) : ''
}
