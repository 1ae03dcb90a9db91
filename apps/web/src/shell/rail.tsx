import { Tooltip } from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types.js';
import { Mark } from '../ui/mark.js';
import { usePhone } from '../ui/phone.js';
import { openTo, type View } from './work-spaces.js';

interface Props {
  session: Session;
  view: View;
  onView: (view: View) => void;
  onHelp: () => void;
}

/** The work spaces that a person's role opens, as icon and word; on a phone a bar at the thumb. */
export function Rail({ session, view, onView, onHelp }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {phone ? null : (
        <div className="rail-mark">
          <Mark size={32} />
        </div>
      )}
      {openTo(session).map(({ view: each, icon: Icon, key }) => (
        <button
          key={each}
          type="button"
          className="rail-item"
          aria-current={view === each ? 'page' : undefined}
          aria-keyshortcuts={key}
          onClick={() => onView(each)}
        >
          <Icon size={22} stroke={1.7} aria-hidden="true" />
          <span>{t(`view.${each}`)}</span>
        </button>
      ))}
      {phone ? null : (
        <Tooltip label={t('keys.title')} position="right">
          <button type="button" className="rail-item rail-help" onClick={onHelp} aria-keyshortcuts="?">
            <IconKeyboard size={20} stroke={1.7} aria-hidden="true" />
            <span>{t('keys.short')}</span>
          </button>
        </Tooltip>
      )}
    </nav>
  );
}
