import { CloseButton, Combobox, Kbd, Loader, ScrollArea, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearch } from '../api/map.js';
import type { SearchHit, Session } from '../api/types.js';
import { useMap } from '../map/map-context.js';
import { Failure } from '../ui/failure.js';
import { usePhone } from '../ui/phone.js';
import { goToHit, nounIcon } from './search-hit.js';
import { may } from './work-spaces.js';

/** Finds any property, owner, road or pole, in any of three scripts. Ctrl-K from anywhere. */
export function SearchBox({ session }: { session: Session }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const map = useMap();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 130);
  const found = useSearch(asked);
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });
  const hits = asked ? (found.data?.results ?? []) : [];
  const focus = () => {
    input.current?.focus();
    input.current?.select();
  };
  useHotkeys(['mod+K', '/'].map((key) => [key, focus]));
  const choose = (key: string) => {
    const hit = hits.find((each) => keyOf(each) === key);
    if (hit) goToHit(hit, map);
    box.closeDropdown();
    input.current?.blur();
  };
  const type = (next: string) => {
    setText(next);
    box.openDropdown();
    box.updateSelectedOptionIndex();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && hits[0] && box.getSelectedOptionIndex() < 0) choose(keyOf(hits[0]));
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (box.dropdownOpened) box.closeDropdown();
    else input.current?.blur();
  };
  const placeholder = t(may(session, 'owners:read') ? 'search.placeholder' : 'search.noOwners');
  return (
    <Combobox
      store={box}
      onOptionSubmit={choose}
      offset={4}
      width={phone ? 'target' : 520}
      position="bottom-start"
    >
      <Combobox.Target>
        <TextInput
          ref={input}
          aria-label={t('search.label')}
          placeholder={phone ? t('search.short') : placeholder}
          value={text}
          size={phone ? 'md' : 'sm'}
          leftSection={
            asked && found.isFetching ? <Loader size={14} /> : <IconSearch size={16} aria-hidden="true" />
          }
          rightSectionWidth={text || phone ? 34 : 64}
          rightSection={<End text={text} phone={phone} onClear={() => setText('')} />}
          onChange={(event) => type(event.currentTarget.value)}
          onFocus={() => text && box.openDropdown()}
          onBlur={() => box.closeDropdown()}
          onKeyDown={onKeyDown}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!asked}>
        <Combobox.Options aria-label={t('search.results')}>
          <ScrollArea.Autosize mah={420} type="auto">
            <Found found={found} hits={hits} asked={asked} />
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

const keyOf = (hit: SearchHit): string => `${hit.noun}/${hit.id}`;

/** At the box's end: the way to empty it, or the key that leads to it. */
function End({ text, phone, onClear }: { text: string; phone: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  if (!text) return phone ? null : <Kbd size="xs">Ctrl K</Kbd>;
  // Keeps the focus in the box, where the next word is typed.
  const keepFocus = (event: { preventDefault: () => void }) => event.preventDefault();
  return <CloseButton size="sm" aria-label={t('search.clear')} onClick={onClear} onMouseDown={keepFocus} />;
}

interface FoundProps {
  found: ReturnType<typeof useSearch>;
  hits: SearchHit[];
  asked: string;
}

function Found({ found, hits, asked }: FoundProps) {
  const { t } = useTranslation();
  if (found.isError) return <Failure error={found.error} onRetry={() => found.refetch()} />;
  if (!found.data) return <div className="search-note">{t('search.busy')}</div>;
  if (hits.length === 0) return <div className="search-note">{t('search.none', { text: asked })}</div>;
  return hits.map((hit) => {
    const Icon = nounIcon(hit.noun);
    return (
      <Combobox.Option value={keyOf(hit)} key={keyOf(hit)} className="hit">
        <Icon size={18} stroke={1.7} aria-hidden="true" />
        <span className="hit-words">
          <span className="hit-title">{hit.title}</span>
          {hit.subtitle ? <span className="hit-subtitle">{hit.subtitle}</span> : null}
        </span>
        <span className="hit-noun">{t(`noun.${hit.noun}`)}</span>
      </Combobox.Option>
    );
  });
}
