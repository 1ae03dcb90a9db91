import { parse } from 'yaml';
import { z } from 'zod';

/** A fact that the law asks for and the roll has no column of its own for. */
export interface AskedFact {
  level: 'property' | 'unit';
  name: string;
  type: 'code' | 'number' | 'boolean' | 'date';
  codes: string[];
  label: Record<string, string> | null;
}

/** What a tariff asks about properties, units and owners: codes by name of the input, and facts. */
export interface TariffCodes {
  unit: Record<string, string[]>;
  owner: Record<string, string[]>;
  property: Record<string, string[]>;
  facts: AskedFact[];
}

const input = z
  .looseObject({
    code: z.array(z.union([z.string(), z.number()])).optional(),
    label: z.record(z.string(), z.string()).optional(),
  })
  .nullable();
const inputs = z.record(z.string(), input).nullable().default({});
const file = z.looseObject({
  inputs: z.looseObject({ property: inputs, unit: inputs, owner: inputs }).default({
    property: {},
    unit: {},
    owner: {},
  }),
});

/** Inputs that the roll keeps in columns; any other is one of the facts. */
const ownColumns =
  /^(area|use|structure|occupancy|year_built|floor|capital_value|category|zone|ward|land_area)$/;

/** The codes of a tariff file's inputs. The file was checked when it was installed; what is no list is left out. */
export function tariffCodes(yaml: string): TariffCodes {
  const read = file.safeParse(parse(yaml));
  const given = read.success ? read.data.inputs : { property: {}, unit: {}, owner: {} };
  const lists = (level: 'property' | 'unit' | 'owner') =>
    Object.fromEntries(
      Object.entries(given[level] ?? {}).flatMap(([name, one]) =>
        one?.code ? [[name, one.code.map(String)] as const] : [],
      ),
    );
  const facts = (['property', 'unit'] as const).flatMap((level) =>
    Object.entries(given[level] ?? {})
      .filter(([name]) => !ownColumns.test(name))
      .map(([name, one]): AskedFact => {
        const type = one?.code ? 'code' : one?.['boolean'] ? 'boolean' : one?.['date'] ? 'date' : 'number';
        return { level, name, type, codes: (one?.code ?? []).map(String), label: one?.label ?? null };
      }),
  );
  return { property: lists('property'), unit: lists('unit'), owner: lists('owner'), facts };
}
