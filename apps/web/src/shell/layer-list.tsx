import { ActionIcon, Switch } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Layer } from '../api/types.js';
import { count, word } from '../ui/format.js';
import { useUrl } from '../ui/url-state.js';

/** The layers with their signs, how many features each has, and a switch. */
export function LayerList({ layers, onClose }: { layers: Layer[]; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const [hide, setHide] = useUrl('hide');
  const hidden = new Set((hide ?? '').split(',').filter(Boolean));
  const toggle = (name: string) => {
    if (!hidden.delete(name)) hidden.add(name);
    setHide([...hidden].join(',') || null);
  };
  return (
    <section className="floating layer-list" aria-label={t('layers.title')}>
      <header>
        <h2>{t('layers.title')}</h2>
        <ActionIcon variant="subtle" color="gray" size={26} onClick={onClose} aria-label={t('action.close')}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <ul>
        {layers.map((layer) => (
          <li key={layer.name}>
            <Switch
              size="xs"
              checked={!hidden.has(layer.name)}
              onChange={() => toggle(layer.name)}
              label={
                <span className="layer-row">
                  <span className={`sign sign-${layer.name}`} aria-hidden="true" />
                  <span className="layer-name">{word(layer.title, i18n.language)}</span>
                  <span className="number quiet">{count(layer.count)}</span>
                </span>
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
