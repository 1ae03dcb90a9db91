import { useTranslation } from 'react-i18next';
import type { Run } from '../api/types.js';
import { Tag } from '../ui/tag.js';

const tones = {
  pending: undefined,
  running: 'accent',
  computed: 'warning',
  publishing: 'accent',
  published: 'success',
  withdrawn: undefined,
  failed: 'danger',
  cancelled: 'warning',
} as const;

export function RunState({ status }: { status: Run['status'] }) {
  const { t } = useTranslation();
  return <Tag tone={tones[status]}>{t(`runState.${status}`)}</Tag>;
}
