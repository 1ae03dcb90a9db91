import { Button } from '@mantine/core';
import { IconFileSpreadsheet, IconGavel } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readProposedText, type Simulation, workbookAddress } from '../api/simulation.js';
import { useCreateProposal } from '../api/tariffs.js';
import { plain } from '../ui/code-words.js';
import { Failure } from '../ui/failure.js';
import { writeUrl } from '../ui/url-state.js';

interface Props {
  simulation: Simulation;
  mayPropose: boolean;
  language: string;
}

/** What an officer takes away: the workbook for the file, and a proposal with the values that were tried. */
export function Takeaways({ simulation, mayPropose, language }: Props) {
  const { t } = useTranslation();
  const create = useCreateProposal();
  const { id, proposed } = simulation;
  const what = proposed.changes
    .map(({ table, row, value }) => `${plain(table)} ${row + 1}: ${value}`)
    .join(', ');
  const propose = useMutation({
    mutationFn: async () => {
      const { text } = await readProposedText(id);
      return create.mutateAsync({ purpose: t('simulate.purpose', { what }).slice(0, 500), text });
    },
    onSuccess: (made) => writeUrl({ view: 'tariffs', proposal: made.id, sim: null, class: null }, true),
  });
  return (
    <>
      {propose.isError ? <Failure error={propose.error} /> : null}
      <div className="takeaways">
        <Button
          component="a"
          href={workbookAddress(id, language)}
          download
          size="xs"
          variant="default"
          leftSection={<IconFileSpreadsheet size={16} aria-hidden="true" />}
        >
          {t('simulate.export')}
        </Button>
        {mayPropose && proposed.changes.length > 0 ? (
          <Button
            size="xs"
            loading={propose.isPending}
            leftSection={<IconGavel size={16} aria-hidden="true" />}
            onClick={() => propose.mutate()}
          >
            {t('simulate.propose')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
