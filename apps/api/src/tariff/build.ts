import { bindCarried, bindInput, neededWhen, type BoundInput, type InputLevel } from './binding.js';
import { AlreadyReported, FormulaFault, type FilePath } from './file/fault.js';
import type { TariffFile } from './file/read.js';
import type { AssessmentFile, HeadDeclaration, StepDeclaration, TableDeclaration } from './file/schema.js';
import { checkWords } from './check-words.js';
import { compileFormula } from './language/expression.js';
import { decimal } from './language/decimal.js';
import type { Interval } from './language/interval.js';
import { FormulaScope, Names, type Find } from './language/names.js';
import { DATE, describeType, sameDimension, YEAR, type Type } from './language/types.js';
import type { Level, Sym } from './language/value.js';
import {
  compileHead,
  compileStep,
  guarded,
  type CompiledExemption,
  type CompiledHead,
  type CompiledStep,
  type Program,
} from './program.js';
import { compileTable, type CompiledTable } from './table/table.js';

type State = 'waiting' | 'working' | 'done' | 'failed';

interface Pending<T> {
  readonly declaration: T;
  readonly path: FilePath;
  state: State;
}

/**
 * Compiles the parts of an assessment file in the order in which they need each other: a formula that names a
 * step or a table has it compiled first, and one that comes back to itself is a cycle.
 */
export class Builder {
  readonly names = new Names();
  readonly inputs: BoundInput[] = [];
  /** Names besides those declared that a table may be keyed on: in a collection file those of dues. */
  keyTypes: ReadonlyMap<string, Type> = new Map();
  private readonly steps: CompiledStep[] = [];
  private readonly pendingSteps = new Map<string, Pending<StepDeclaration>>();
  private readonly pendingTables = new Map<string, Pending<TableDeclaration>>();

  constructor(
    private readonly file: TariffFile,
    private readonly declared: AssessmentFile,
  ) {}

  /** Builds the whole program; null after reporting faults to the file. */
  build(): Program | null {
    const { declared, file } = this;
    addGiven(this.names, this.years);
    checkWords(file, declared);
    this.addInputs(declared.inputs, file);
    this.addCarried();
    this.addTables(declared.tables);
    this.addNeeds(file, declared.inputs);
    for (const level of ['unit', 'property'] as const) {
      declared.steps[level].forEach((step, i) => this.addStep(level, step, ['steps', level, i]));
    }
    for (const [key] of this.pendingSteps) this.ensureStep(key);
    this.checkCarried();
    for (const name of declared.heads.map((head) => head.name)) this.mustBeNewHead(name);
    const exemptions = this.buildExemptions();
    const heads = this.buildHeads(exemptions);
    this.finish(file, declared.tables);
    if (file.faults.length > 0) return null;
    return { file: declared, inputs: this.inputs, names: this.names, steps: this.steps, exemptions, heads };
  }

  /** The scope of a unit or property formula; `more` adds names that only one formula sees. */
  scope(level: 'unit' | 'property', more?: Find): FormulaScope {
    const find: Find = (at, name) => more?.(at, name) ?? this.find(at, name);
    const table = (name: string) => this.findTable(name);
    return new FormulaScope(this.names, level, find, this.quotientScale, table, this.tableNames);
  }

  /** Declares the inputs of a file. One that both files of a body declare must be declared alike. */
  addInputs(inputs: AssessmentFile['inputs'], file: TariffFile): void {
    for (const level of ['property', 'unit', 'owner'] as const satisfies readonly InputLevel[]) {
      for (const [name, declaration] of Object.entries(inputs[level])) {
        const path = ['inputs', level, name];
        const before = this.inputs.find((input) => input.level === level && input.name === name);
        if (before) {
          this.mustBeAlike(before, JSON.stringify(declaration), path, file);
          continue;
        }
        const bound = guarded(file, path, () => bindInput(level, name, declaration, this.declared.units));
        if (!bound) continue;
        this.inputs.push(bound);
        this.names.add(bound.symbol);
      }
    }
  }

  /** Declares what is remembered from the year before, to be named as previous(x). */
  private addCarried(): void {
    for (const level of ['property', 'unit'] as const) {
      for (const [name, declaration] of Object.entries(this.declared.carried[level])) {
        const path = ['carried', level, name];
        const bound = guarded(this.file, path, () => bindCarried(level, name, declaration));
        if (!bound) continue;
        this.inputs.push(bound);
        this.names.add(bound.symbol);
      }
    }
  }

  /** What is carried is a step of its level, remembered with the type that the step has. */
  private checkCarried(): void {
    for (const { carried, level, symbol } of this.inputs) {
      if (carried === undefined) continue;
      const path = ['carried', level, carried];
      if (!this.pendingSteps.has(`${level}.${carried}`)) {
        const message = `The ${level} has no step "${carried}".`;
        this.file.fault(path, 'unknown_name', carried, message, 'Carry a step, or correct its name.');
      }
      const step = this.steps.find((one) => one.level === level && one.declaration.name === carried);
      if (!step || isRememberedAs(step.symbol.type, symbol.type)) continue;
      const message = `The step gives ${describeType(step.symbol.type)}, it is remembered as ${describeType(symbol.type)}.`;
      const kind = step.symbol.type.kind === symbol.type.kind ? 'unit' : 'type';
      this.file.fault(path, kind, carried, message, 'Declare the type and unit of the step.');
    }
  }

  private mustBeAlike(before: BoundInput, declaration: string, path: FilePath, file: TariffFile): void {
    if (JSON.stringify(before.declaration) === declaration) return;
    const message = `"${before.name}" is declared differently in the assessment file.`;
    file.fault(path, 'type', before.name, message, 'Declare it alike in both.');
  }

  /**
   * Compiles `needed_when`: a condition on inputs of the same level, so that it can be asked before any step.
   */
  addNeeds(file: TariffFile, inputs: AssessmentFile['inputs']): void {
    this.inputs.forEach((input, i) => {
      const condition = input.declaration.needed_when;
      if (condition === undefined || !Object.hasOwn(inputs[input.level], input.name)) return;
      const path = ['inputs', input.level, input.name, 'needed_when'];
      const wrong = (message: string, remedy: string): never => {
        throw new FormulaFault('value', condition, message, remedy);
      };
      guarded(file, path, () => {
        if (!input.declaration.optional) wrong('Only an optional input has this.', 'Add "optional: true".');
        if (input.level === 'owner') wrong('An owner has no conditional inputs.', 'Remove it.');
        const value = compileFormula(condition, this.scope(input.level === 'unit' ? 'unit' : 'property'));
        const foreign = [...value.symbols].find(
          ({ kind, level }) => kind !== 'input' || level !== input.level,
        );
        if (foreign || value.aggregates.length > 0 || value.type.kind !== 'boolean') {
          wrong(`It must be a condition on other ${input.level} inputs.`, 'Correct the condition.');
        }
        this.inputs[i] = neededWhen(input, value.sql);
      });
    });
  }

  addTables(tables: Record<string, TableDeclaration>): void {
    for (const [name, declaration] of Object.entries(tables)) {
      this.pendingTables.set(name, { declaration, path: ['tables', name], state: 'waiting' });
    }
  }

  private addStep(level: 'unit' | 'property', declaration: StepDeclaration, path: FilePath): void {
    const key = `${level}.${declaration.name}`;
    if (this.pendingSteps.has(key) || this.names.get(level, declaration.name)) {
      const message = `The name "${declaration.name}" is taken at this level.`;
      this.file.fault([...path, 'name'], 'duplicate_key', declaration.name, message, 'Choose another name.');
      return;
    }
    this.pendingSteps.set(key, { declaration, path, state: 'waiting' });
  }

  private mustBeNewHead(name: string): void {
    const index = this.declared.heads.findIndex((head) => head.name === name);
    const again = this.declared.heads.findLastIndex((head) => head.name === name);
    const taken = this.pendingSteps.has(`property.${name}`) || this.names.get('property', name);
    if (index === again && !taken) return;
    const message = `The name "${name}" is taken at this level.`;
    this.file.fault(['heads', again, 'name'], 'duplicate_key', name, message, 'Choose another name.');
  }

  private find(level: Level, name: string): Sym | undefined {
    const key = `${level}.${name}`;
    if (this.pendingSteps.has(key)) {
      this.ensureStep(key, true);
      if (this.pendingSteps.get(key)!.state === 'failed') throw new AlreadyReported();
    }
    return this.names.get(level, name);
  }

  private ensureStep(key: string, fromFormula = false): void {
    const pending = this.pendingSteps.get(key)!;
    const name = pending.declaration.name;
    if (pending.state === 'working' && fromFormula) {
      const message = `"${name}" rests on itself.`;
      throw new FormulaFault('cycle', name, message, 'Break the circle of steps.');
    }
    if (pending.state !== 'waiting') return;
    pending.state = 'working';
    const level = key.startsWith('unit.') ? 'unit' : 'property';
    const path = [...pending.path, 'formula'];
    const step = guarded(this.file, path, () => compileStep(level, pending.declaration, this.scope(level)));
    pending.state = step ? 'done' : 'failed';
    if (!step) return;
    this.steps.push(step);
    this.names.add(step.symbol);
  }

  /** Start years to which the tariff applies. */
  get years(): Interval {
    const { from, to } = this.declared.applies_to;
    return { min: decimal(String(from)), max: decimal(String(to ?? 9999)) };
  }

  get quotientScale(): number {
    return Number(this.declared.units.quotient_scale);
  }

  get tableNames(): string[] {
    return [...this.pendingTables.keys()];
  }

  hasTable(name: string): boolean {
    return this.pendingTables.has(name);
  }

  /** The compiled table; throws a FormulaFault for one that is keyed on a step that uses it. */
  findTable(name: string): CompiledTable | null {
    const pending = this.pendingTables.get(name);
    if (!pending) return null;
    if (pending.state === 'working') {
      throw new FormulaFault(
        'cycle',
        name,
        `The table "${name}" is keyed on a step that uses it.`,
        'Break the circle.',
      );
    }
    if (pending.state === 'failed') throw new AlreadyReported();
    if (pending.state === 'waiting') {
      pending.state = 'working';
      const report = (path: FilePath, ...fault: [never, string, string, string]) =>
        this.file.fault([...pending.path, ...path], ...fault);
      const typeOf = (key: string) => this.typeOfKey(key);
      const table = compileTable(name, pending.declaration, typeOf, report as never);
      pending.state = table ? 'done' : 'failed';
      if (!table) throw new AlreadyReported();
      this.names.tables.set(name, table);
    }
    return this.names.tables.get(name)!;
  }

  /** Compiles those tables of a file that no formula asked for, so that their faults are reported too. */
  finish(file: TariffFile, tables: Record<string, TableDeclaration>): void {
    for (const name of Object.keys(tables)) guarded(file, ['tables', name], () => this.findTable(name));
  }

  /** A key is a declared input or step; `unit.` or `property.` tells two of one name apart. */
  private typeOfKey(key: string): Type {
    const [level, name] = key.includes('.') ? (key.split('.') as [Level, string]) : [null, key];
    const levels: Level[] = level ? [level] : ['property', 'unit', 'owner', 'given'];
    const found = levels.map((at) => this.find(at, name)).filter((symbol) => symbol !== undefined);
    if (found.length > 1) {
      throw new FormulaFault('ambiguous_name', key, `"${key}" is declared twice.`, `Write unit.${name}.`);
    }
    if (found[0]) return found[0].type;
    const ofDues = this.keyTypes.get(key);
    if (ofDues) return ofDues;
    const remedy = `Declare it, or use one of: ${this.names.listed(['property', 'unit', 'owner'])}.`;
    throw new FormulaFault('unknown_name', key, `The key "${key}" is not a declared name.`, remedy);
  }

  private buildExemptions(): CompiledExemption[] {
    const all = this.declared.heads.map((head) => head.name);
    return this.declared.exemptions.flatMap((declaration, i) => {
      const unknown = declaration.on?.find((head) => !all.includes(head));
      if (unknown !== undefined) {
        const remedy = `Use one of: ${all.join(', ')}.`;
        this.file.fault(['exemptions', i, 'on'], 'unknown_name', unknown, `"${unknown}" is no head.`, remedy);
        return [];
      }
      const value = guarded(this.file, ['exemptions', i, 'when'], () => {
        const compiled = compileFormula(declaration.when, this.scope('property'));
        if (compiled.type.kind === 'boolean') return compiled;
        throw new FormulaFault('type', declaration.when, 'It is not a condition.', 'Write a comparison.');
      });
      return value
        ? [{ declaration, column: `x_${declaration.name}`, value, heads: declaration.on ?? all }]
        : [];
    });
  }

  private buildHeads(exemptions: readonly CompiledExemption[]): CompiledHead[] {
    const heads: CompiledHead[] = [];
    this.declared.heads.forEach((declaration, i) => {
      const path = ['heads', i, 'formula'];
      const earlier: Find = (at, name) =>
        at === 'head' ? headOfPeriod(heads, name, declaration) : undefined;
      const head = guarded(this.file, path, () =>
        compileHead(declaration, this.scope('property', earlier), exemptions),
      );
      if (!head) return;
      heads.push(head);
      this.names.add(head.symbol);
    });
    return heads;
  }
}

/**
 * An earlier head as another head sees it: in one of the same period the part's amount, in one of the year the
 * year's.
 */
function headOfPeriod(heads: readonly CompiledHead[], name: string, mine: HeadDeclaration): Sym | undefined {
  const other = heads.find((head) => head.declaration.name === name);
  if (!other || other.declaration.per === mine.per) return other?.part;
  if (mine.per === 'year') return other.symbol;
  const message = `"${name}" is per ${other.declaration.per}, "${mine.name}" per ${mine.per}.`;
  throw new FormulaFault('unit', name, message, 'Name heads of the same period.');
}

function isRememberedAs(step: Type, carried: Type): boolean {
  if (step.kind === 'number' && carried.kind === 'number') {
    return step.dimension === null || sameDimension(step.dimension, carried.dimension!);
  }
  if (step.kind === 'code' && carried.kind === 'code') {
    return step.codes.every((code) => carried.codes.includes(code));
  }
  return step.kind === carried.kind;
}

/** The names that the language itself gives: the financial year, its ends, and the day that is assessed. */
function addGiven(names: Names, years: Interval): void {
  const year: Type = { kind: 'number', dimension: YEAR, range: years };
  const given = (name: string, sql: string, type: Type) => {
    names.add({
      level: 'given',
      name,
      kind: 'given',
      sql,
      type,
      optional: false,
      aggregated: false,
      used: true,
    });
  };
  given('fy', '$2::int::numeric', year);
  given('fy_start', 'make_date($2::int, 4, 1)', DATE);
  given('fy_end', 'make_date($2::int + 1, 3, 31)', DATE);
  given('as_of', '$3::date', DATE);
}
