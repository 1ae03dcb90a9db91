import { readFileSync } from 'node:fs';
import { Problem } from '../core/problem.js';

/** A file's text; a Problem names the file that cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new Problem(404, 'file-unreadable', `${file} cannot be read: ${message}.`, [
      { where: file, message },
    ]);
  }
}
