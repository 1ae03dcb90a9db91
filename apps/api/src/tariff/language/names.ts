import { FormulaFault } from '../file/fault.js';
import type { CompiledTable } from '../table/table.js';
import type { Aggregate, Context, Level, Scope, Sym } from './value.js';

/** Everything that a tariff declares, by level and name. */
export class Names {
  private readonly symbols = new Map<string, Sym>();
  readonly tables = new Map<string, CompiledTable>();
  readonly aggregates: Aggregate[] = [];

  add(symbol: Sym): void {
    this.symbols.set(`${symbol.level}.${symbol.name}`, symbol);
  }

  get(level: Level, name: string): Sym | undefined {
    return this.symbols.get(`${level}.${name}`);
  }

  all(): Sym[] {
    return [...this.symbols.values()];
  }

  /** Names of a level, for the remedy of an unknown one. */
  listed(levels: readonly Level[]): string {
    const names = this.all().filter((symbol) => levels.includes(symbol.level));
    return names.map((symbol) => symbol.name).join(', ') || 'none';
  }

  /** Keeps an aggregate once, however often it is written. */
  aggregate(draft: Omit<Aggregate, 'column'>): Aggregate {
    const known = this.aggregates.find((other) => other.level === draft.level && other.sql === draft.sql);
    if (known) return known;
    const aggregate = {
      ...draft,
      column: `${draft.level === 'unit' ? 'ua' : 'oa'}${this.aggregates.length + 1}`,
    };
    this.aggregates.push(aggregate);
    return aggregate;
  }
}

/** The name under which the remembered value of a step is kept; no formula can spell it as a name. */
export function previousName(step: string): string {
  return `previous(${step})`;
}

/** Finds a declared name and makes sure that it is compiled; throws for a cycle. */
export type Find = (level: Level, name: string) => Sym | undefined;

/** The names that a formula of one level sees. */
export class FormulaScope implements Scope {
  readonly tableNames: readonly string[];

  constructor(
    private readonly names: Names,
    private readonly level: 'unit' | 'property',
    private readonly find: Find,
    readonly quotientScale: number,
    private readonly findTable: (name: string) => CompiledTable | null,
    tableNames: Iterable<string>,
    readonly fySql = '$2::int',
  ) {
    this.tableNames = [...tableNames];
  }

  get mayAggregate(): boolean {
    return this.level === 'property';
  }

  table(name: string): CompiledTable | null {
    return this.findTable(name);
  }

  aggregate(draft: Omit<Aggregate, 'column'>): Aggregate {
    return this.names.aggregate(draft);
  }

  resolve(qualifier: string | null, name: string, context: Context): Sym {
    const row = this.level === 'unit' ? 'unit' : context.inAggregate;
    if (qualifier !== null) return this.qualified(qualifier, name, row);
    const own = this.level === 'unit' ? this.find('unit', name) : undefined;
    const shared = this.find('property', name) ?? this.find('head', name) ?? this.find('given', name);
    if (own && shared && !shared.aggregated) {
      const message = `"${name}" is declared both for units and for properties.`;
      throw new FormulaFault('ambiguous_name', name, message, `Write unit.${name}, or rename one.`);
    }
    const symbol = own ?? shared;
    if (!symbol) throw this.unknown(name, row);
    if (row && symbol.aggregated) {
      const message = `"${name}" is known only after the units were added up.`;
      throw new FormulaFault('unknown_name', name, message, 'Use it outside the aggregate or the unit step.');
    }
    return symbol;
  }

  previous(qualifier: string | null, name: string, context: Context): Sym {
    const key = previousName(name);
    const row = this.level === 'unit' ? 'unit' : context.inAggregate;
    const levels: Level[] = row === 'unit' ? ['unit', 'property'] : ['property'];
    if (qualifier === null && !levels.some((level) => this.find(level, key))) {
      const message = `"${name}" is not remembered from the year before.`;
      const level = this.level === 'unit' ? 'unit' : 'property';
      throw new FormulaFault('unknown_name', key, message, `List it under carried.${level}, with its type.`);
    }
    return this.resolve(qualifier, key, context);
  }

  private qualified(qualifier: string, name: string, row: 'unit' | 'owner' | null): Sym {
    const shown = `${qualifier}.${name}`;
    if (qualifier !== 'unit' && qualifier !== 'owner') {
      const message = `"${shown}" names a schema or a table.`;
      throw new FormulaFault(
        'formula_not_allowed',
        shown,
        message,
        'Only unit.x and owner.x are written with a dot.',
      );
    }
    if (qualifier !== row) {
      const message = `"${shown}" stands outside an aggregate over ${qualifier}s.`;
      throw new FormulaFault('unknown_name', shown, message, `Write e.g. sum(${shown}).`);
    }
    const symbol = this.find(qualifier, name);
    if (symbol) return symbol;
    const remedy = `Declare it, or use one of: ${this.names.listed([qualifier])}.`;
    throw new FormulaFault('unknown_name', shown, `"${shown}" is not declared.`, remedy);
  }

  private unknown(name: string, row: 'unit' | 'owner' | null): FormulaFault {
    const other = (['unit', 'owner'] as const).find((level) => level !== row && this.find(level, name));
    const levels: Level[] =
      this.level === 'unit' ? ['unit', 'property', 'given'] : ['property', 'head', 'given'];
    const remedy = other
      ? `Add it up, e.g. sum(${other}.${name}).`
      : `Declare it, or use one of: ${this.names.listed(levels)}.`;
    return new FormulaFault('unknown_name', name, `"${name}" is not declared here.`, remedy);
  }
}
