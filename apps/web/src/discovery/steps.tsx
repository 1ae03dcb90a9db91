import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parsePaise } from '../../../api/src/core/money.js';
import { type FindingCard, type FindingState, useStep, useSurveyTask } from '../api/discovery.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';

const needsAmount = (state: FindingState): boolean => state === 'demanded' || state === 'paid';

/** The next steps that the law allows, each with what it rests on; nothing skips verification and notice. */
export function Steps({ card, permissions }: { card: FindingCard; permissions: readonly string[] }) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<FindingState | 'task' | null>(null);
  const may = (state: FindingState) =>
    permissions.includes(state === 'verified' ? 'discovery:verify' : 'discovery:decide');
  const next = card.nextStates.filter(may);
  const mayAsk = permissions.includes('discovery:decide') && card.nextStates.length > 0;
  if (next.length === 0 && !mayAsk) {
    const why = card.nextStates.length ? 'discover.steps.mayNot' : 'discover.steps.closed';
    return <p className="section quiet">{t(why)}</p>;
  }
  return (
    <Section title={t('discover.steps.title')}>
      <div className="finding-steps">
        {next.map((state) => (
          <Button
            key={state}
            size="xs"
            variant={chosen === state ? 'filled' : 'light'}
            color={state === 'dismissed' ? 'gray' : undefined}
            onClick={() => choose(state)}
          >
            {t(`discover.step.${state}`)}
          </Button>
        ))}
        {mayAsk ? (
          <Button size="xs" variant={chosen === 'task' ? 'filled' : 'default'} onClick={() => choose('task')}>
            {t('discover.task.ask')}
          </Button>
        ) : null}
      </div>
      {chosen === 'task' ? <TaskForm card={card} onDone={() => choose(null)} /> : null}
      {chosen && chosen !== 'task' ? (
        <StepForm key={chosen} card={card} to={chosen} onDone={() => choose(null)} />
      ) : null}
    </Section>
  );
}

function StepForm({ card, to, onDone }: { card: FindingCard; to: FindingState; onDone: () => void }) {
  const { t } = useTranslation();
  const step = useStep(card.id);
  const [note, setNote] = useState('');
  const [amount, setAmount] = useState('');
  const paise = parsePaise(amount);
  const ready = note.trim().length >= 5 && (!needsAmount(to) || (paise !== null && paise > 0n));
  const send = () =>
    step.mutate(
      { to, note: note.trim(), ...(needsAmount(to) && paise ? { amountPaise: paise.toString() } : {}) },
      { onSuccess: onDone },
    );
  return (
    <form
      className="finding-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send();
      }}
    >
      <Textarea
        size="xs"
        autosize
        minRows={2}
        label={t(`discover.noteFor.${to}`)}
        value={note}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {needsAmount(to) ? (
        <TextInput
          size="xs"
          label={t('discover.steps.amount')}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
      ) : null}
      {to === 'noticed' ? <p className="quiet">{t('discover.steps.noticeNote')}</p> : null}
      <Button type="submit" size="xs" loading={step.isPending} disabled={!ready}>
        {t(`discover.step.${to}`)}
      </Button>
      {ready ? null : (
        <p className="quiet">{t(needsAmount(to) ? 'discover.steps.whyAmount' : 'discover.steps.whyNote')}</p>
      )}
      {step.isError ? <Failure error={step.error} /> : null}
    </form>
  );
}

function TaskForm({ card, onDone }: { card: FindingCard; onDone: () => void }) {
  const { t } = useTranslation();
  const task = useSurveyTask(card.id);
  const [assignedTo, setAssignedTo] = useState('');
  const [dueOn, setDueOn] = useState('');
  const ready = assignedTo.trim().length >= 3 && dueOn !== '';
  return (
    <form
      className="finding-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) task.mutate({ assignedTo: assignedTo.trim(), dueOn }, { onSuccess: onDone });
      }}
    >
      <TextInput
        size="xs"
        label={t('discover.task.who')}
        value={assignedTo}
        onChange={(event) => setAssignedTo(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        type="date"
        label={t('discover.task.due')}
        value={dueOn}
        onChange={(event) => setDueOn(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" loading={task.isPending} disabled={!ready}>
        {t('discover.task.send')}
      </Button>
      {task.isError ? <Failure error={task.error} /> : null}
    </form>
  );
}
