import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

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

/** The language asked for, else the one chosen before, else the browser's, else English. */
function firstLanguage(asked: string | null): Language {
  const wanted = [asked, localStorage.getItem(remembered), navigator.language.slice(0, 2)];
  return wanted.find(isLanguage) ?? 'en';
}

/** Loads the texts before the first page. `asked` is what the address says, if it says anything. */
export async function startTexts(asked: string | null): Promise<void> {
  const language = firstLanguage(asked);
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
  show(language);
  await i18next.changeLanguage(language);
}
