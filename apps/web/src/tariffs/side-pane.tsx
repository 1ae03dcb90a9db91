import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExampleOf, Proposal, useComparison, useProposalCheck } from '../api/tariffs.js';
import { CheckPane } from './check-pane.js';
import { ComparePane } from './compare-pane.js';
import { labelsOf, mapOf } from './content.js';
import { ExamplePane } from './example-pane.js';
import type { ProposalEditor } from './proposal-editor.js';

/** Which tab of the side pane is open, and what the example is of. */
export function useExampleChoice() {
  const [tab, setTab] = useState('check');
  const [of, setOf] = useState<ExampleOf | null>(null);
  const show = (name: string) => {
    setOf({ case: name });
    setTab('example');
  };
  return { tab, setTab, of, setOf, show };
}

interface SidePaneProps {
  proposal: Proposal;
  editor: ProposalEditor;
  check: ReturnType<typeof useProposalCheck>;
  comparison: ReturnType<typeof useComparison>;
  example: ReturnType<typeof useExampleChoice>;
  onPart: (part: string) => void;
}

/** Beside the editor: what the check says, an example, and what is changed. */
export function SidePane({ proposal, editor, check, comparison, example, onPart }: SidePaneProps) {
  const { t, i18n } = useTranslation();
  const changes = comparison.data?.changes.length ?? 0;
  return (
    <Tabs
      className="tariff-pane"
      value={example.tab}
      onChange={(next) => example.setTab(next ?? 'check')}
      keepMounted={false}
    >
      <Tabs.List grow>
        <Tabs.Tab value="check">{t('tariffs.tab.check')}</Tabs.Tab>
        <Tabs.Tab value="example">{t('tariffs.tab.example')}</Tabs.Tab>
        <Tabs.Tab value="compare">{t('tariffs.tab.compare', { count: changes })}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="check">
        <CheckPane
          check={check.data}
          labels={labelsOf(mapOf(editor.content), i18n.language)}
          error={check.error}
          waiting={editor.saving || check.isFetching}
          onPart={onPart}
          onExample={example.show}
        />
      </Tabs.Panel>
      <Tabs.Panel value="example">
        <ExamplePane
          proposalId={proposal.id}
          version={editor.savedVersion}
          cases={check.data?.cases.map(({ name }) => name) ?? []}
          of={example.of}
          onOf={example.setOf}
        />
      </Tabs.Panel>
      <Tabs.Panel value="compare">
        <ComparePane comparison={comparison.data} error={comparison.error} onPart={onPart} />
      </Tabs.Panel>
    </Tabs>
  );
}
