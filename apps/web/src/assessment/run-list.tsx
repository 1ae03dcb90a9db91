import { useTranslation } from 'react-i18next';
import type { Run } from '../api/types.js';
import { dayAndTime, rupees } from '../ui/format.js';
import { RunState } from './run-state.js';

interface Props {
  runs: Run[];
  current: string | null;
  onChoose: (id: string) => void;
}

/** All runs, the newest first. */
export function RunList({ runs, current, onChoose }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="run-list">
      {runs.map((run) => (
        <li key={run.id}>
          <button type="button" aria-current={run.id === current} onClick={() => onChoose(run.id)}>
            <span>
              <span>
                <strong>{run.fy}</strong>{' '}
                {run.revision
                  ? t('revision.of', { number: run.revision.number ?? '–' })
                  : run.wardNumbers
                    ? t('assess.ofWards', { wards: run.wardNumbers.join(', ') })
                    : t('assess.allWards')}
              </span>
              <span className="quiet">{dayAndTime(run.createdAt, i18n.language)}</span>
            </span>
            <span className="run-list-end">
              <span className="number">{rupees(run.totalPaise)}</span>
              <RunState status={run.status} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
