const graphemes = new Intl.Segmenter('hi', { granularity: 'grapheme' });

/** `R••• T•••••••` from `Ravi Tripathi`: of each word the first letter, which in Devanagari keeps its vowel sign. */
export function maskName(name: string): string {
  return name
    .trim()
    .split(/\s+/)
    .map((word) => [...graphemes.segment(word)].map(({ segment }, i) => (i === 0 ? segment : '•')).join(''))
    .join(' ');
}

/** `••••••1234` from `9876541234`; a number too short to hide anything is hidden whole. */
export function maskMobile(mobile: string): string {
  const digits = mobile.replace(/\D/g, '');
  return digits.length < 8 ? '••••••' : `••••••${digits.slice(-4)}`;
}
