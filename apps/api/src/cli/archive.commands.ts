import type { Command } from 'commander';
import { now } from '../platform/clock.js';
import { readConfig } from '../platform/config.js';
import { backup, restore } from '../platform/database/archive.js';
import { wholeNumber } from './option-values.js';
import { exitCodes, Output } from './output.js';
import { withSession } from './session.js';
import { verifyAll } from './verify.js';

/** `jarib backup FILE`, `jarib restore FILE`, `jarib verify`. */
export function addArchiveCommands(program: Command): void {
  program
    .command('backup')
    .description('write the whole database, all municipalities, into one file')
    .argument('<file>')
    .action(async (file: string, _options: object, command: Command) => {
      const startedMs = now().getTime();
      const { bytes } = await backup(readConfig(process.env), file);
      const seconds = (now().getTime() - startedMs) / 1_000;
      Output.of(command).result({ file, bytes, seconds }, () => [
        `${file}: ${(bytes / 1_048_576).toFixed(1)} MiB in ${seconds.toFixed(1)} s`,
      ]);
    });

  program
    .command('restore')
    .description('bring a backup back into an empty database; refuses where a municipality lives')
    .argument('<file>')
    .action(async (file: string, _options: object, command: Command) => {
      const startedMs = now().getTime();
      const { ulbs } = await restore(readConfig(process.env), file);
      const seconds = (now().getTime() - startedMs) / 1_000;
      Output.of(command).result({ file, ulbs, seconds }, () => [
        `${file} is restored: ${ulbs} municipality(ies) in ${seconds.toFixed(1)} s. Prove it with: jarib verify`,
      ]);
    });

  program
    .command('verify')
    .description(
      'prove isolation, audit chain, ledger and past assessments of every municipality; exit code 1 where one fails',
    )
    .option('--ulb <code>', 'one municipality only')
    .option('--replay <n>', 'how many published assessments of each are computed again', wholeNumber, 200)
    .action(async ({ ulb, replay }: { ulb?: string; replay: number }, command: Command) => {
      const output = Output.of(command);
      const proofs = await withSession((session) => verifyAll(session, ulb ?? null, replay));
      output.result(proofs, (all) =>
        all.flatMap((proof) => [
          `${proof.ok ? 'ok    ' : 'FAILED'} ${proof.ulb ?? 'database'}: ${proof.what} (${proof.seen})`,
          ...proof.faults.map((fault) => `         ${fault}`),
        ]),
      );
      if (proofs.some((proof) => !proof.ok)) process.exitCode = exitCodes.failed;
    });
}
