import { Injectable } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import { limits } from '../../platform/limits.js';

/** Lets a few simulations through at once; the others wait their turn, and who has gone away leaves the line. */
@Injectable()
export class WaitingLine {
  private inside = 0;
  private readonly line: (() => void)[] = [];

  async pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.inside >= limits.simulationsAtOnce) await this.wait(signal);
    else this.inside += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }

  private async wait(signal: AbortSignal): Promise<void> {
    if (this.line.length >= limits.simulationsWaiting) {
      const detail = `${limits.simulationsWaiting} simulations are waiting already. Try again in a moment.`;
      throw new Problem(503, 'too-many-simulations', detail);
    }
    await new Promise<void>((resolve, reject) => {
      this.line.push(resolve);
      signal.addEventListener('abort', () => {
        const place = this.line.indexOf(resolve);
        if (place < 0) return;
        this.line.splice(place, 1);
        reject(signal.reason as Error);
      });
    });
  }
}
