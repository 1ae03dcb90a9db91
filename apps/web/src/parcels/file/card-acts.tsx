import { Button, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconFileText, IconPencil } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PropertyFile, usePropertyFile } from '../../api/property-file.js';
import { useSession } from '../../api/session.js';

const PropertyForm = lazy(() =>
  import('./property-form.js').then((each) => ({ default: each.PropertyForm })),
);
const ReturnForm = lazy(() => import('./return-form.js').then((each) => ({ default: each.ReturnForm })));

/** What a clerk may do to the property of the card; who may not is told why. */
export function CardActs({ propertyId, retired }: { propertyId: string; retired: boolean }) {
  const { t } = useTranslation();
  const session = useSession().data;
  const [open, setOpen] = useState<'edit' | 'return' | null>(null);
  const mayEdit = session?.permissions.includes('properties:edit') ?? false;
  const file = usePropertyFile(mayEdit ? propertyId : null);
  const waiting = waitingOf(file.data);
  const why = !mayEdit
    ? t('file.mayNot')
    : retired
      ? t('file.isRetired')
      : waiting
        ? t('file.waiting', { login: waiting.madeByLogin })
        : null;
  const start = (what: 'edit' | 'return') => !why && file.data && setOpen(what);
  useHotkeys([['E', () => start('edit')]]);
  const button = { size: 'xs', variant: 'default', 'data-disabled': why ? true : undefined } as const;
  return (
    <>
      <Tooltip label={why ?? t('file.editKey')}>
        <Button
          {...button}
          aria-disabled={why !== null}
          leftSection={<IconPencil size={16} aria-hidden="true" />}
          onClick={() => start('edit')}
        >
          {t('file.edit')}
        </Button>
      </Tooltip>
      <Tooltip label={why ?? t('file.returnHint')}>
        <Button
          {...button}
          aria-disabled={why !== null}
          leftSection={<IconFileText size={16} aria-hidden="true" />}
          onClick={() => start('return')}
        >
          {t('file.ownersReturn')}
        </Button>
      </Tooltip>
      <Suspense fallback={null}>
        {open === 'edit' && file.data ? (
          <PropertyForm file={file.data} onClose={() => setOpen(null)} />
        ) : null}
        {open === 'return' ? <ReturnForm propertyId={propertyId} onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </>
  );
}

const waitingOf = (file: PropertyFile | undefined) => file?.open.find(({ status }) => status === 'submitted');
