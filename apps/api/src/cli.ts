import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { addArchiveCommands } from './cli/archive.commands.js';
import { addAssessmentCommands } from './cli/assessment.commands.js';
import { addMapCommands } from './cli/map.commands.js';
import { exitCodes, Output } from './cli/output.js';
import { addPlaceCommands } from './cli/place.commands.js';
import { addPropertyCommands } from './cli/property.commands.js';
import { addTariffCommands } from './cli/tariff.commands.js';

/** The command `jarib`. Each command opens the application, does one thing and says how it ended by its exit code. */
const program = new Command('jarib')
  .description('Jarib: property tax and municipal assets on one map')
  .option('--json', 'print one JSON document instead of text')
  .showHelpAfterError('(jarib --help lists the commands)')
  .addHelpText(
    'after',
    `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} refused or failed, ${exitCodes.usage} wrong usage, ` +
      `${exitCodes.findings} done with findings to look at.`,
  )
  .exitOverride();

addPlaceCommands(program);
addMapCommands(program);
addPropertyCommands(program);
addTariffCommands(program);
addAssessmentCommands(program);
addArchiveCommands(program);

// `jarib ... | head` closes the pipe early: the reader has seen enough, and that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else {
    new Output(process.argv.includes('--json')).failure(error);
    process.exitCode = exitCodes.failed;
  }
}
