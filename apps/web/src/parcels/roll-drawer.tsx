import { CloseButton, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useWardNumbers } from '../api/map.js';
import { useRoll } from '../api/roll.js';
import { useCodeWords } from '../ui/code-words.js';
import { count } from '../ui/format.js';
import { Panel } from '../ui/panel.js';
import { useUrl } from '../ui/url-state.js';
import { RollTable } from './roll-table.js';
import { propertyUses } from './uses.js';
import { ChangesPart, RollTools } from './file/roll-tools.js';

interface Props {
  height: number;
  onHeight: (height: number) => void;
  onClose: () => void;
}

/** The tax roll below the map: filters in the head, rows that load as one scrolls. */
export default function RollDrawer({ height, onHeight, onClose }: Props) {
  const { t } = useTranslation();
  const codeWords = useCodeWords();
  const [ward, setWard] = useUrl('ward');
  const [use, setUse] = useUrl('use');
  const wards = useWardNumbers();
  const [list] = useUrl('list');
  const roll = useRoll({ ward, use });
  const total = roll.data?.pages[0]?.total;
  return (
    <Panel
      side="bottom"
      label={t('view.roll')}
      size={height}
      onSize={onHeight}
      limits={[200, Math.max(260, window.innerHeight - 200)]}
      onClose={onClose}
      head={
        <div className="roll-head">
          <h2>{t(list === 'changes' ? 'file.changes' : 'roll.title')}</h2>
          <RollTools />
          {list === 'changes' ? null : (
            <>
              <span className="quiet number" aria-live="polite">
                {total === undefined ? '' : t('roll.count', { count: total, number: count(total) })}
              </span>
              <Filter
                label={t('roll.ward')}
                all={t('roll.allWards')}
                value={ward}
                onChange={setWard}
                data={(wards.data ?? []).map((number) => ({
                  value: number,
                  label: t('card.ward', { ward: number }),
                }))}
              />
              <Filter
                label={t('roll.use')}
                all={t('roll.allUses')}
                value={use}
                onChange={setUse}
                data={propertyUses.map((code) => ({ value: code, label: codeWords('use', code) }))}
              />
            </>
          )}
        </div>
      }
    >
      {list === 'changes' ? <ChangesPart /> : <RollTable roll={roll} filtered={Boolean(ward ?? use)} />}
    </Panel>
  );
}

interface FilterProps {
  label: string;
  all: string;
  value: string | null;
  onChange: (value: string | null) => void;
  data: { value: string; label: string }[];
}

function Filter({ label, all, value, onChange, data }: FilterProps) {
  const { t } = useTranslation();
  return (
    <Select
      size="xs"
      className="roll-filter"
      aria-label={label}
      placeholder={all}
      data={data}
      value={value}
      searchable={data.length > 10}
      clearable
      rightSection={
        value ? (
          <CloseButton size="xs" aria-label={t('action.clear')} onClick={() => onChange(null)} />
        ) : undefined
      }
      rightSectionPointerEvents={value ? 'all' : 'none'}
      onChange={onChange}
    />
  );
}
