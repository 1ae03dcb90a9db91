import { useMediaQuery } from '@mantine/hooks';

/** True on a screen held in one hand. */
export function usePhone(): boolean {
  return useMediaQuery('(max-width: 767px)', window.matchMedia('(max-width: 767px)').matches) ?? false;
}
