import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types.js';
import { Mark } from '../ui/mark.js';
import { usePhone } from '../ui/phone.js';
import { LanguageMenu } from './language-menu.js';
import { SearchBox } from './search-box.js';
import { UserMenu } from './user-menu.js';

/** Municipality, search, language, person. */
export function TopBar({ session }: { session: Session }) {
  const { i18n } = useTranslation();
  const phone = usePhone();
  const { name, nameLocal } = session.ulb;
  const shown = i18n.language === 'en' ? name : (nameLocal ?? name);
  return (
    <header className="top-bar">
      {phone ? (
        <Mark size={30} />
      ) : (
        <div className="top-ulb" title={shown}>
          <strong>{shown}</strong>
        </div>
      )}
      <SearchBox session={session} />
      <div className="top-end">
        <LanguageMenu />
        <UserMenu session={session} />
      </div>
    </header>
  );
}
