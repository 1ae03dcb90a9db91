import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { readUrl, writeUrl } from '../ui/url-state.js';
import './language-menu.css';
import { chooseLanguage, type Language, languageNames, languages } from '../i18n/i18n.js';

/** Every language is named in its own script, so that whoever cannot read this one finds his own. */
export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  const current = i18n.language as Language;
  const choose = (language: Language) => {
    // An address that names a language goes on naming the one that is shown.
    if (readUrl('lang')) writeUrl({ lang: language });
    void chooseLanguage(language);
  };
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <UnstyledButton className="top-button" aria-label={`${t('language')}: ${languageNames[current]}`}>
          <IconLanguage size={18} stroke={1.7} aria-hidden="true" />
          <span className="top-button-word" lang={current}>
            {languageNames[current]}
          </span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={language === current ? <IconCheck size={14} aria-hidden="true" /> : null}
            onClick={() => choose(language)}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
