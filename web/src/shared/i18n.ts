import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
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

/** fetched loads the texts of a language that does not come with the first page. */
async function fetched(language: Lang) {
  if (language !== 'en' || i18next.hasResourceBundle('en', 'translation')) return
  const { default: texts } = await import('../messages/en.json')
  i18next.addResourceBundle('en', 'translation', texts)
}

/** startI18n loads the texts; call it once and wait before the first render. Where English cannot be loaded it is Chinese. */
export async function startI18n(language: Lang = firstLanguage()) {
  await i18next.use(initReactI18next).init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  await changeTo(language).catch(() => follow('zh-CN'))
}

async function changeTo(language: Lang) {
  await fetched(language)
  await i18next.changeLanguage(language)
  follow(language)
}

/** switchLanguage changes the language of every text and remembers the choice on this computer. */
export async function switchLanguage(language: Lang) {
  await changeTo(language)
  localStorage.setItem(remembered, language)
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
