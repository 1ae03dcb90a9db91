import { Button, Progress, Skeleton } from '@mantine/core';
import { useDebouncedValue, useLocalStorage } from '@mantine/hooks';
import { IconScale } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTariffs } from '../api/assessment.js';
import { useProposals } from '../api/tariffs.js';
import type { Session } from '../api/types.js';
import { ApiError } from '../api/client.js';
import {
  isReckoning,
  type Question,
  type Simulation,
  useCancelSimulation,
  useKeptSimulation,
  useSimulation,
  useTariffValues,
} from '../api/simulation.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { financialYears } from '../ui/format.js';
import { Panel } from '../ui/panel.js';
import { usePhone } from '../ui/phone.js';
import { readUrl, writeUrl } from '../ui/url-state.js';
import { ChangeTheme } from './change-theme.js';
import { covers } from './covers.js';
import { Histogram } from './histogram.js';
import { QuestionFields } from './question.js';
import { ResultTables } from './result-tables.js';
import { Takeaways } from './takeaways.js';
import { OtherYears, Totals } from './totals.js';
import { ValueSliders } from './value-sliders.js';
import '../assessment/assess.css';
import './simulate.css';

interface Props {
  session: Session;
  width: number;
  height: number;
  onHeight: (height: number) => void;
  onClose: () => void;
}

/** How long a slider must rest before it is answered. */
const restMs = 250;

/** The work space of simulation: values at the left, the answer below the map, the change on it. */
export default function SimulatePanel({ session, width, height, onHeight, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const phone = usePhone();
  const [question, setQuestion] = useQuestion();
  const tariffs = (useTariffs().data ?? []).filter(({ kind }) => kind === 'assessment');
  const proposals = (useProposals().data ?? []).filter(
    ({ kind, status }) => kind === 'assessment' && ['draft', 'submitted', 'returned'].includes(status),
  );
  const inForce = tariffs.find((each) => covers(each, question?.fy ?? ''))?.sha256 ?? null;
  const values = useTariffValues(question?.proposed ?? inForce);
  const [rested] = useDebouncedValue(question, restMs);
  const answer = useSimulation(rested);
  const simulation = answer.isError ? undefined : answer.data;
  const result = simulation?.result ?? null;
  const waiting = answer.isFetching || rested !== question;
  useEffect(() => {
    if (simulation?.status === 'done') writeUrl({ sim: simulation.id });
  }, [simulation]);
  const tables = result ? <ResultTables result={result} /> : null;
  return (
    <>
      <ChangeTheme simulationId={result ? simulation!.id : null} />
      <Panel
        side="left"
        label={t('view.simulate')}
        size={width}
        onClose={onClose}
        head={<h2 className="assess-title">{t('simulate.title')}</h2>}
        foot={
          result ? (
            <Takeaways
              simulation={simulation!}
              mayPropose={session.permissions.includes('tariffs:edit')}
              language={i18n.language}
            />
          ) : undefined
        }
      >
        {question ? (
          <QuestionFields
            question={question}
            tariffs={tariffs}
            proposals={proposals}
            ownWards={session.user.wardNumbers}
            onChange={(patch) => setQuestion({ ...question, ...patch })}
          />
        ) : null}
        <Answer answer={answer} simulation={simulation} waiting={waiting} />
        {question && result && question.changes.length === 0 && !question.proposed ? (
          <p className="section simulate-teach">{t('simulate.teach')}</p>
        ) : null}
        {question && values.data ? (
          <ValueSliders
            tables={values.data.tables}
            changes={question.changes}
            onChanges={(changes) => setQuestion({ ...question, changes })}
          />
        ) : null}
        {values.isError ? <Failure error={values.error} /> : null}
        {result ? <Histogram result={result} /> : null}
        {phone ? tables : null}
      </Panel>
      {!phone && tables ? (
        <Drawer height={height} onHeight={onHeight}>
          {tables}
        </Drawer>
      ) : null}
    </>
  );
}

interface AnswerProps {
  answer: ReturnType<typeof useSimulation>;
  simulation: Simulation | undefined;
  waiting: boolean;
}

/** The sums, or what is in their place: progress, a refusal, the first wait. */
function Answer({ answer, simulation, waiting }: AnswerProps) {
  const result = simulation?.result ?? null;
  return (
    <div className="answer" aria-busy={waiting} aria-live="polite">
      <div className="answer-line" data-on={waiting} />
      {answer.isError ? <Refused error={answer.error} onRetry={() => void answer.refetch()} /> : null}
      {simulation && isReckoning(simulation) ? <Reckoning simulation={simulation} /> : null}
      {simulation?.error ? <p className="run-error section">{simulation.error}</p> : null}
      {result ? <Totals result={result} /> : null}
      {result ? <OtherYears simulation={simulation!} /> : null}
      {!result && !answer.isError && waiting ? <Cold /> : null}
    </div>
  );
}

/** The tables below the map. */
function Drawer({
  height,
  onHeight,
  children,
}: Pick<Props, 'height' | 'onHeight'> & { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="simulate-drawer">
      <Panel
        side="bottom"
        label={t('simulate.results')}
        size={height}
        onSize={onHeight}
        limits={[160, Math.max(220, window.innerHeight - 240)]}
        head={<h2 className="assess-title">{t('simulate.results')}</h2>}
      >
        {children}
      </Panel>
    </div>
  );
}

/** What is asked: from the simulation in the address, else the tariff in force with nothing changed. */
function useQuestion(): [Question | null, (question: Question) => void] {
  const [linked] = useState(() => readUrl('sim'));
  const kept = useKeptSimulation(linked);
  const [year, setYear] = useLocalStorage({
    key: 'jarib.simulate.fy',
    defaultValue: financialYears(new Date())[1] ?? '',
    getInitialValueInEffect: false,
  });
  const [question, setQuestion] = useState<Question | null>(linked ? null : fresh(year));
  const loaded = kept.data;
  useEffect(() => {
    if (question) return;
    if (loaded) setQuestion(questionOf(loaded));
    else if (kept.isError) setQuestion(fresh(year));
  }, [question, loaded, kept.isError, year]);
  const ask = (next: Question) => {
    setYear(next.fy);
    setQuestion(next);
  };
  return [question, ask];
}

const fresh = (fy: string): Question => ({ fy, wardNumbers: [], present: null, proposed: null, changes: [] });

function questionOf({ fy, wardNumbers, present, proposed }: Simulation): Question {
  const base = ({ baseSha256, sha256, installed }: Simulation['present']) =>
    baseSha256 ?? (installed ? sha256 : null);
  return {
    fy,
    wardNumbers: wardNumbers ?? [],
    present: base(present),
    proposed: base(proposed),
    changes: proposed.changes,
  };
}

/** The first answer reckons both sides: it takes a moment, and says so. */
function Cold() {
  const { t } = useTranslation();
  return (
    <div className="section">
      <p className="quiet simulate-cold">{t('simulate.cold')}</p>
      <Skeleton height={28} mb={8} />
      <Skeleton height={110} />
    </div>
  );
}

function Reckoning({ simulation }: { simulation: Simulation }) {
  const { t } = useTranslation();
  const cancel = useCancelSimulation();
  const { done, total } = simulation.chunks;
  const percent = total ? Math.round((100 * done) / total) : 0;
  return (
    <div className="section run-progress">
      <Progress value={percent} striped={percent === 0} animated aria-label={t('simulate.reckoning')} />
      <div className="run-progress-line">
        <span className="number quiet">{`${percent} %`}</span>
        <Button
          size="compact-xs"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate(simulation.id)}
        >
          {t('simulate.cancel')}
        </Button>
      </div>
    </div>
  );
}

/** A year without a tariff and a town without a roll are told what fills them; anything else as it is. */
function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  const kind = error instanceof ApiError ? error.kind : '';
  if (kind !== 'tariff-missing' && kind !== 'roll-empty') return <Failure error={error} onRetry={onRetry} />;
  const name = kind === 'roll-empty' ? 'noRoll' : 'noTariff';
  return (
    <Empty icon={<IconScale size={24} />} title={t(`simulate.${name}.title`)}>
      {t(`simulate.${name}.detail`)}
    </Empty>
  );
}
