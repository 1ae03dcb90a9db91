import { createTheme, type MantineColorsTuple } from '@mantine/core';

const indigo: MantineColorsTuple = [
  '#eef0fc',
  '#dadef7',
  '#b5bdee',
  '#8d99e4',
  '#6b7adc',
  '#5060d4',
  '#3b4cca',
  '#303fae',
  '#27348f',
  '#1e2970',
];
const gray: MantineColorsTuple = [
  '#fafafa',
  '#f4f4f4',
  '#e9e9e9',
  '#dcdcdc',
  '#c6c6c6',
  '#a3a3a3',
  '#7a7a7a',
  '#575757',
  '#3a3a3a',
  '#1f1f1f',
];
const dark: MantineColorsTuple = [
  '#e3e3e5',
  '#b9b9bd',
  '#9b9ba1',
  '#6c6c73',
  '#46464d',
  '#38383e',
  '#2a2a2f',
  '#202024',
  '#19191c',
  '#121214',
];

export const fontFamily = "'Noto Sans Variable', 'Noto Sans', 'Noto Sans Devanagari', system-ui, sans-serif";

/** Calm and dense: neutral greys, one accent, 14 px text, 8-px grid. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 6, dark: 5 },
  colors: { indigo, gray, dark },
  fontFamily,
  headings: { fontFamily, fontWeight: '600' },
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Loader: { defaultProps: { size: 'sm' } },
  },
});
