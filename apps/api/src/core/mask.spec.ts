import { describe, expect, it } from '@jest/globals';
import { maskMobile, maskName } from './mask.js';

describe('a masked name', () => {
  it('keeps the first letter of each word', () => expect(maskName('Ravi  Tripathi')).toBe('R••• T•••••••'));
  it('keeps a Devanagari syllable whole', () => expect(maskName('राम त्रिपाठी')).toMatch(/^रा•+ \S{1,4}•+$/));
});

describe('a masked mobile number', () => {
  it('shows its last four digits', () => expect(maskMobile('+91 98765 41234')).toBe('••••••1234'));
  it('hides a short number whole', () => expect(maskMobile('1234')).toBe('••••••'));
});
