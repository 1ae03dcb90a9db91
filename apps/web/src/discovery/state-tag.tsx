import { useTranslation } from 'react-i18next';
import type { FindingState } from '../api/discovery.js';
import { Tag } from '../ui/tag.js';

const tones: Partial<Record<FindingState, 'warning' | 'accent' | 'success'>> = {
  verified: 'accent',
  noticed: 'accent',
  objected: 'warning',
  demanded: 'accent',
  paid: 'success',
};

export function StateTag({ state }: { state: FindingState }) {
  const { t } = useTranslation();
  return <Tag tone={tones[state]}>{t(`discover.state.${state}`)}</Tag>;
}
