import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface Props {
  /** What stands on the roll ends, and can be kept after all; what is only typed is taken away. */
  ended: boolean;
  label: string;
  onDrop: () => void;
}

/** Ends or takes away a row. Not in the order of Tab: a clerk who types on should not come across it. */
export function DropButton({ ended, label, onDrop }: Props) {
  const { t } = useTranslation();
  const words = ended ? t('file.keep') : label;
  return (
    <Tooltip label={words}>
      <ActionIcon variant="subtle" color="gray" size={26} tabIndex={-1} aria-label={words} onClick={onDrop}>
        {ended ? <IconArrowBackUp size={16} /> : <IconTrash size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
