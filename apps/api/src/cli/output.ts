import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { Problem } from '../core/problem.js';

/** 0 done; 1 refused or failed; 2 wrong usage; 3 done, but with findings that a person should see. */
export const exitCodes = { done: 0, failed: 1, usage: 2, findings: 3 } as const;

/** Where a command's words go: for people as lines, or with --json as one JSON document on standard output. */
export class Output {
  constructor(private readonly json: boolean) {}

  static of(command: Command): Output {
    return new Output(Boolean(command.optsWithGlobals<{ json?: boolean }>().json));
  }

  line(text: string): void {
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** The command's result: as a document, or as the lines that `words` makes of it. */
  result<T>(value: T, words: (value: T) => string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, bigintAsText, 2)}\n`);
    else for (const text of words(value)) process.stdout.write(`${text}\n`);
  }

  /** A bar on standard error while a person watches; nothing in a pipe or with --json. */
  bar(label: string): { update(done: number, total: number): void; stop(): void } {
    if (this.json || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
    const format = `${label} {bar} {percentage}% {value}/{total} {eta_formatted} left`;
    const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
    let started = false;
    return {
      update: (done, total) => {
        if (!started) bar.start(total, done);
        started = true;
        bar.setTotal(total);
        bar.update(done);
      },
      stop: () => bar.stop(),
    };
  }

  failure(error: unknown): void {
    if (this.json) {
      const problem =
        error instanceof Problem ? error.toJson() : { title: 'Failed', detail: (error as Error).message };
      process.stdout.write(`${JSON.stringify(problem, bigintAsText, 2)}\n`);
      return;
    }
    process.stderr.write(`${(error as Error).message}\n`);
    if (!(error instanceof Problem)) return;
    for (const { where, value, message } of error.errors.slice(0, 50)) {
      process.stderr.write(
        `  ${where}: ${message}${value === undefined ? '' : ` (${JSON.stringify(value)})`}\n`,
      );
    }
  }
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
