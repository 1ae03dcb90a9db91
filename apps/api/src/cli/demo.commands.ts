import type { Command } from 'commander';
import { demoLogins, loadDemo } from '../demo/demo.js';
import type { Tx } from '../platform/database/tx.js';
import { SearchIndex } from '../search/search-index.repository.js';
import { wholeNumber } from './option-values.js';
import { Output } from './output.js';
import { withSession } from './session.js';

interface DemoOptions {
  logins?: boolean;
  ifEmpty?: boolean;
  properties: number;
  seed: number;
}

/** `jarib demo`: a made-up town to try everything on. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('load the demo town Nagarpur, with one account a role')
    .option('--if-empty', 'do nothing where a municipality is there already')
    .option('--logins', 'print the demo accounts and do nothing else')
    .option('--properties <n>', 'size of the town, 1000 to 1000000', wholeNumber, 2_000)
    .option('--seed <n>', 'the same seed gives the same town', wholeNumber, 7)
    .action(async ({ logins, ...options }: DemoOptions, command: Command) => {
      const output = Output.of(command);
      if (!logins) {
        const loaded = await withSession(({ app }) =>
          loadDemo(app, {
            ...options,
            derive: (tx) => fillSearch(app.get(SearchIndex, { strict: false }), tx),
          }),
        );
        output.result(loaded, (town) =>
          town
            ? [`The demo town ${town.code} is loaded: ${town.rows.properties} properties.`, ...loginLines()]
            : ['There is a municipality already: no demo town is loaded.'],
        );
        return;
      }
      output.result(demoLogins, loginLines);
    });
}

/** What is found by typing: filled with the town, in its transaction. */
async function fillSearch(index: SearchIndex, tx: Tx): Promise<void> {
  for (const noun of index.nouns) await index.refresh(tx, noun, 'all');
}

function loginLines(): string[] {
  const [first] = demoLogins;
  if (!first) return [];
  const names = demoLogins.map(({ login, role }) => `  ${login.padEnd(14)} ${role}`);
  return [`Municipality ${first.ulb}, password of all: ${first.password}`, ...names];
}
