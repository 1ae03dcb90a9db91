import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import './ui.css';

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** Fills the page instead of the place of the missing content. */
  whole?: boolean;
}

interface Refusal {
  status: number;
  detail: string;
  errors: { where: string; message: string }[];
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && 'status' in error && 'detail' in error;

/** What went wrong, why, and what to do about it, with the next click on it. */
export function Failure({ error, onRetry, whole }: Props) {
  const { t } = useTranslation();
  const refusal = isRefusal(error) ? error : null;
  const kind = !refusal
    ? 'program'
    : refusal.status === 0
      ? 'unreachable'
      : refusal.status >= 500
        ? 'server'
        : 'refused';
  return (
    <div className={whole ? 'failure failure-whole' : 'failure'} role="alert">
      <IconAlertTriangle size={22} aria-hidden="true" />
      <div>
        <strong>{t(`failure.${kind}.title`)}</strong>
        <p>{(kind === 'refused' && refusal?.detail) || t(`failure.${kind}.detail`)}</p>
        {refusal?.errors.slice(0, 5).map((each) => (
          <p key={`${each.where}${each.message}`} className="quiet">
            {each.where}: {each.message}
          </p>
        ))}
        {onRetry && kind !== 'refused' ? (
          <Button size="xs" variant="light" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
            {t('action.retry')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
