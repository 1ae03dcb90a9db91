import type { FilePath } from './file/fault.js';
import type { TariffFile } from './file/read.js';
import type { Program } from './program.js';

/** Refuses what no formula uses: an input nobody reads would still send properties to the exceptions. */
export function checkUse(file: TariffFile, program: Program): void {
  const unused = (path: FilePath, name: string, what: string, remedy: string) => {
    file.fault(path, 'unused', name, `The ${what} "${name}" is used by nothing.`, remedy);
  };
  for (const { symbol, level, name, carried } of program.inputs) {
    if (!symbol.used && carried !== undefined) {
      unused(['carried', level, carried], carried, 'carried step', 'Remove it, or use it as previous(...).');
    } else if (!symbol.used) unused(['inputs', level, name], name, 'input', 'Remove it, or use it.');
  }
  for (const { level, declaration, symbol } of program.steps) {
    const index = program.file.steps[level].indexOf(declaration);
    const remedy = 'Remove it, or mark it "shown: true" if the bill states it.';
    if (!symbol.used) unused(['steps', level, index, 'name'], declaration.name, 'step', remedy);
  }
  for (const table of program.names.tables.values()) {
    if (!table.used) unused(['tables', table.name], table.name, 'table', 'Remove it, or call it.');
  }
}
