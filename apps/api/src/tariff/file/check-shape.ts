import type { z } from 'zod';
import type { FilePath } from './fault.js';
import type { TariffFile } from './read.js';

/** Checks the file against its schema; null after reporting each deviation at its place in the file. */
export function checkShape<T extends z.ZodType>(file: TariffFile, schema: T): z.infer<T> | null {
  const result = schema.safeParse(file.data);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol') as FilePath;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const message = `The key "${key}" is not known here.`;
        file.fault([...path, key], 'unknown_key', key, message, 'Correct its spelling or remove it.');
      }
    } else {
      const value = valueAt(file.data, path);
      const shown =
        typeof value === 'string' ? value : value === undefined ? String(path.at(-1) ?? '') : '(block)';
      const message = value === undefined ? `"${path.join('.')}" is missing.` : `${issue.message}.`;
      file.fault(path, 'value', shown, message, remedyFor(path, value === undefined));
    }
  }
  return null;
}

function remedyFor(path: FilePath, absent: boolean): string {
  if (path.at(-1) === 'hi' || path.at(-1) === 'mr' || path.at(-1) === 'en') {
    return 'Give every title and label in en, hi and mr.';
  }
  return absent ? 'Add it.' : `Correct the value of "${String(path.at(-1) ?? 'the file')}".`;
}

function valueAt(data: unknown, path: FilePath): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
