import { limits } from '../../limits.js';
import { commonWords } from './common-words.js';

const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890123456789', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const lookAlikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};

/**
 * What is wrong with a new password, or null. Length and commonness count, not kinds of signs (OWASP ASVS 5,
 * 6.2): every character is allowed, none is demanded. `names` are the login and other words of the account.
 */
export function passwordFault(password: string, names: readonly string[]): string | null {
  const length = [...password].length;
  if (length < limits.passwordLengthMin)
    return `It must have at least ${limits.passwordLengthMin} characters.`;
  if (length > limits.passwordLengthMax)
    return `It must have at most ${limits.passwordLengthMax} characters.`;
  const plain = password.toLowerCase();
  if (names.some((name) => name.length >= 4 && plain.includes(name.toLowerCase()))) {
    return 'It contains the login or the name of the municipality.';
  }
  if (isCommon(plain))
    return 'It is among the passwords that are tried first. Take a few words that you alone join.';
  return null;
}

function isCommon(plain: string): boolean {
  const unit = unitOf(plain);
  if (unit.length <= 4 || isSequence(unit)) return true;
  return [plain, disguised(plain)].some((text) => {
    const heart = text.replace(/^[^\p{L}\p{M}]+|[^\p{L}\p{M}]+$/gu, '');
    return heart.length <= 2 || commonWords.has(heart) || commonWords.has(unitOf(heart)) || isSequence(heart);
  });
}

/** The shortest text whose repetition is `text`: `abc` of `abcabcabca`. */
function unitOf(text: string): string {
  for (let size = 1; size <= text.length / 2; size += 1) {
    if (text.startsWith(text.slice(size)) || text.slice(size) === text.slice(0, -size))
      return text.slice(0, size);
  }
  return text;
}

function isSequence(text: string): boolean {
  const back = [...text].reverse().join('');
  return text.length > 3 && rows.some((row) => row.includes(text) || row.includes(back));
}

/** `p4$$w0rd` is `password`; what stands at the end as digits is no disguise. */
function disguised(plain: string): string {
  const kept = plain.replace(/[^\p{L}\p{M}]+$/u, '');
  return [...kept].map((sign) => lookAlikes[sign] ?? sign).join('');
}
