import { describe, expect, it } from '@jest/globals';
import { passwordFault } from './password-rules.js';

const fault = (password: string) => passwordFault(password, ['asha.k', 'baramati']);

describe('a new password', () => {
  it.each([
    'nine bullocks draw it',
    'तीन बैल और एक हल',
    'x7#Kq-mmW2pL',
    '          a quiet lane',
    'wheat1977plough',
  ])('may be %s', (password) => {
    expect(fault(password)).toBeNull();
  });

  it.each(['ninechars', 'क'.repeat(9), ''])('must have ten characters: %s', (password) => {
    expect(fault(password)).toMatch(/at least 10/);
  });

  it('may have 128 characters and not more', () => {
    const long = 'ploughs and bullocks '.repeat(8);
    expect(fault(long.slice(0, 128))).toBeNull();
    expect(fault(long.slice(0, 129))).toMatch(/at most 128/);
  });

  it.each(['asha.k-and-more', 'live in BARAMATI town'])('must not hold the own names: %s', (password) => {
    expect(fault(password)).toMatch(/login or the name/);
  });

  it.each([
    'password12',
    'Password@123',
    'P@ssw0rd2024',
    '123passwordpassword',
    'qwertyuiop',
    'qwertyuiop[]',
    '1234567890',
    '0987654321',
    'aaaaaaaaaa',
    'abababababab',
    'abcdefghijkl',
    'iloveyou2020',
    'Welcome@1234',
    'administrator1',
    'Mumbai@12345',
    'jaishriram108',
    'radhakrishna',
    'nagarpalika@2026',
    '!!!!!!!!!!',
    '2026-11-22',
    'changeme!!!!',
    'zxcvbnm12345',
    'propertytax1',
  ])('is refused when it is among the first that are tried: %s', (password) => {
    expect(fault(password)).toMatch(/tried first/);
  });
});
