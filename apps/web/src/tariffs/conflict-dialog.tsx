import { Button, Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { YamlValue } from '../api/tariffs.js';
import { dayAndTime } from '../ui/format.js';
import { cellText, samePath } from './content.js';
import { placeWords } from './places.js';
import type { Conflict } from './proposal-editor.js';

interface Props {
  conflict: Conflict;
  onResolve: (mine: boolean) => void;
}

const shown = (value: YamlValue | null | undefined): string =>
  value === null || value === undefined ? '–' : cellText(value) || JSON.stringify(value).slice(0, 80);

/** Two people edited at once: theirs and mine side by side, and the choice. */
export function ConflictDialog({ conflict, onResolve }: Props) {
  const { t, i18n } = useTranslation();
  const { changedByLogin, changedAt, values } = conflict.current;
  return (
    <Modal
      opened
      onClose={() => onResolve(false)}
      withCloseButton={false}
      title={t('tariffs.conflict.title')}
    >
      <p className="modal-text">
        {t('tariffs.conflict.detail', { login: changedByLogin, time: dayAndTime(changedAt, i18n.language) })}
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('tariffs.conflict.where')}</th>
            <th scope="col">{t('tariffs.conflict.theirs')}</th>
            <th scope="col">{t('tariffs.conflict.mine')}</th>
          </tr>
        </thead>
        <tbody>
          {conflict.edits.map((edit) => (
            <tr key={edit.path.join('/')}>
              <td>{placeWords(edit.path, t)}</td>
              <td>{shown(values.find(({ path }) => samePath(path, edit.path))?.value)}</td>
              <td>{edit.op === 'remove' ? t('tariffs.compare.removed') : shown(edit.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => onResolve(false)}>
          {t('tariffs.conflict.keepTheirs')}
        </Button>
        <Button onClick={() => onResolve(true)}>{t('tariffs.conflict.putMine')}</Button>
      </Group>
    </Modal>
  );
}
