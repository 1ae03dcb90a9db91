import { useTranslation } from 'react-i18next';

/**
 * Words for coded values of the roll: floor, use, structure, occupancy. An unknown code is shown as it is
 * written.
 */
export function useCodeWords() {
  const { t } = useTranslation();
  return (
    kind: 'floor' | 'use' | 'structure' | 'occupancy' | 'owner',
    code: string | null | undefined,
  ): string => {
    if (!code) return '–';
    return t(`code.${kind}.${code}`, { defaultValue: plain(code) });
  };
}

/** `ground_floor` as `Ground floor`. */
export function plain(code: string): string {
  const text = code.replace(/_/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
