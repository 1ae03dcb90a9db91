import { Button, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isOpen, useRunExceptions } from '../api/assessment.js';
import type { Run, RunException } from '../api/types.js';
import { plain } from '../ui/code-words.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { count } from '../ui/format.js';
import { selectAndFly } from '../ui/selection.js';

/** The properties that were not assessed because something is not known of them, each with what it lacks. */
export function Exceptions({ run }: { run: Run }) {
  const { t } = useTranslation();
  const pages = useRunExceptions(isOpen(run) || run.exceptions === 0 ? null : run.id);
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  if (isOpen(run) || run.exceptions === 0) return null;
  return (
    <Section
      title={t('assess.exceptions')}
      aside={<span className="quiet number">{count(run.exceptions)}</span>}
    >
      <p className="quiet exceptions-why">{t('assess.exceptionsWhy')}</p>
      {pages.isError ? <Failure error={pages.error} onRetry={() => pages.refetch()} /> : null}
      {pages.isPending ? <Skeleton height={96} /> : null}
      <ul className="exceptions">
        {rows.map((row) => (
          <ExceptionLine key={row.propertyId} row={row} />
        ))}
      </ul>
      {pages.hasNextPage ? (
        <Button
          size="xs"
          variant="default"
          fullWidth
          loading={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          {t('action.more', { left: count(run.exceptions - rows.length) })}
        </Button>
      ) : null}
    </Section>
  );
}

function ExceptionLine({ row }: { row: RunException }) {
  const { t } = useTranslation();
  const reason = (code: string): string => {
    const [name = '', value] = code.split('=');
    const words = t(`missing.${name.replace('.', '_')}`, { defaultValue: plain(name.replace('.', ': ')) });
    return value === undefined
      ? t('missing.notKnown', { what: words })
      : t('missing.notInTariff', { what: words, value });
  };
  return (
    <li>
      <button
        type="button"
        className="link number"
        onClick={() => selectAndFly({ kind: 'property', id: row.propertyId })}
      >
        {row.number}
      </button>
      <span className="quiet">{[...new Set(row.reasons.map(reason))].join('; ')}</span>
    </li>
  );
}
