import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readUrl, writeUrl } from '../ui/url-state.js';

export const languages = ['en', 'hi', 'mr'] as const;
export type Language = (typeof languages)[number];
export const languageNames: Record<Language, string> = { en: 'English', hi: 'हिन्दी', mr: 'मराठी' };

const remembered = 'jarib.language';

const isLanguage = (text: string | null | undefined): text is Language =>
  languages.includes((text ?? '') as Language);

/** Each language is a chunk of its own: a person loads the one that he reads. */
const texts: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import('./en.json'),
  hi: () => import('./hi.json'),
  mr: () => import('./mr.json'),
};

async function load(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await texts[language]()).default);
  }
}

function show(language: Language): void {
  document.documentElement.lang = language;
}

/** The language of the address, else the one chosen before, else the browser's, else English. */
function firstLanguage(): Language {
  const wanted = [readUrl('lang'), localStorage.getItem(remembered), navigator.language.slice(0, 2)];
  return wanted.find(isLanguage) ?? 'en';
}

export async function startTexts(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
  });
  await load(language);
  await i18next.changeLanguage(language);
  show(language);
}

/** Changes the language at run time and remembers it. */
export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  localStorage.setItem(remembered, language);
  if (readUrl('lang')) writeUrl({ lang: language });
  show(language);
  await i18next.changeLanguage(language);
}
