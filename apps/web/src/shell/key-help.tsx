import { Kbd, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Session } from '../api/types.js';
import { openTo } from './work-spaces.js';

/** Every key that does something, on one page. */
export default function KeyHelp({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const lines: [string[], string][] = [
    [['Ctrl', 'K'], t('keys.search')],
    ...openTo(session).map(({ view, key }): [string[], string] => [
      [key],
      t('keys.view', { view: t(`view.${view}`) }),
    ]),
    [['N'], t('file.newProperty')],
    [['C'], t('file.changes')],
    [['E'], t('file.editKeyShort')],
    [['L'], t('layers.title')],
    [['H'], t('map.home')],
    [['+'], t('map.nearer')],
    [['-'], t('map.farther')],
    [['↑', '↓', '←', '→'], t('keys.pan')],
    [['Enter'], t('keys.pick')],
    [['Shift', 'D'], t('keys.scheme')],
    [['Esc'], t('keys.close')],
    [['?'], t('keys.title')],
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      size="sm"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <dl className="key-list">
        {lines.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
