import { Button, FileInput, Group, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type InstalledTariff, useCreateProposal } from '../api/tariffs.js';
import { Failure } from '../ui/failure.js';
import { word } from '../ui/format.js';

interface Props {
  installed: InstalledTariff[];
  /** The file to begin with. */
  base: string | null;
  onClose: () => void;
  onMade: (id: string) => void;
}

/** A new draft: what it is for, and the text that it begins with. */
export function NewProposal({ installed, base, onClose, onMade }: Props) {
  const { t } = useTranslation();
  const [purpose, setPurpose] = useState('');
  const [how, setHow] = useState<'copy' | 'upload'>(installed.length ? 'copy' : 'upload');
  const [sha256, setSha256] = useState(base ?? installed[0]?.sha256 ?? null);
  const [file, setFile] = useState<File | null>(null);
  const create = useCreateProposal();
  const ready = purpose.trim() !== '' && (how === 'copy' ? sha256 !== null : file !== null);
  const make = async () => {
    const body =
      how === 'copy' ? { purpose, sha256: sha256 ?? '' } : { purpose, text: (await file?.text()) ?? '' };
    create.mutate(body, { onSuccess: ({ id }) => onMade(id) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tariffs.new.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        className="tariff-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void make();
        }}
      >
        <TextInput
          label={t('tariffs.new.purpose')}
          placeholder={t('tariffs.new.purposeLike')}
          value={purpose}
          maxLength={500}
          data-autofocus
          onChange={(event) => setPurpose(event.currentTarget.value)}
        />
        <SegmentedControl
          data={[
            { value: 'copy', label: t('tariffs.new.copy'), disabled: installed.length === 0 },
            { value: 'upload', label: t('tariffs.new.upload') },
          ]}
          value={how}
          onChange={(next) => setHow(next as typeof how)}
        />
        {how === 'copy' ? (
          <Base installed={installed} value={sha256} onChange={setSha256} />
        ) : (
          <FileInput
            label={t('tariffs.new.file')}
            placeholder={t('tariffs.new.chooseFile')}
            accept=".yaml,.yml"
            value={file}
            onChange={setFile}
          />
        )}
        {create.isError ? <Failure error={create.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={create.isPending}>
            {t('tariffs.new.go')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface BaseProps {
  installed: InstalledTariff[];
  value: string | null;
  onChange: (sha256: string | null) => void;
}

function Base({ installed, value, onChange }: BaseProps) {
  const { t, i18n } = useTranslation();
  const data = installed.map((one) => ({
    value: one.sha256,
    label: `${word(one.title, i18n.language)} · ${one.appliesFromFy ?? one.inForceFrom ?? ''}`,
  }));
  return (
    <Select
      label={t('tariffs.new.base')}
      data={data}
      value={value}
      allowDeselect={false}
      onChange={onChange}
    />
  );
}
