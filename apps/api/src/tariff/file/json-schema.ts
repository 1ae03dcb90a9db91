import { z } from 'zod';
import { collectionFile } from './collection-schema.js';
import { assessmentFile } from './schema.js';

/** What an editor shows beside a key, wherever in a file it stands. */
const DESCRIPTIONS: Record<string, string> = {
  tariff:
    'The taxing body: country-state/body, such as in-mp/indore. Both kinds of file of a body say the same.',
  kind: 'assessment: what a property owes for a year. collection: rebates, charges and the order of payments.',
  applies_to: 'First and last financial year of an assessment file; null: until replaced.',
  in_force: 'First and last day of a collection file; null: until replaced.',
  status: 'notified: figures of the law. sample: shown as "sample, not notified" on every screen and bill.',
  law: 'Act, section and order that the file rests on.',
  inputs: 'What must be known of a property, its units and its owners.',
  carried: 'Steps whose value of the last published assessment is remembered: previous(name), NULL if new.',
  without_units: 'What becomes of a property without units: an exception, or assessed on the rest.',
  tables: 'Rate tables. A formula calls them as functions: rate(zone, use).',
  key: 'What a table is asked by: exact codes or ranges, in the order of the cells of a row.',
  bounds: 'To which range a boundary value belongs.',
  rows: 'Cells in the order of the keys, then the value. "*" is every code, [A, B] several, "..100" a range.',
  gives: 'The codes that a table answers, instead of numbers.',
  reference: 'Where it stands in the law; shown in the explanation and on the bill.',
  note: 'A remark or a doubt; shown in the explanation and on the bill.',
  steps: 'Values on the way to the demand, of each unit and of the property.',
  formula: 'One SQL expression of declared names, numbers, CASE, tables and the allowed functions.',
  domain: 'The values that a step can take; one outside makes the property an exception.',
  shown: 'States the value on the bill although no formula uses it.',
  round: 'How the result is rounded: to a multiple, by a mode. Formulas cannot round.',
  heads: 'What is demanded; each is an account of the ledger and may name an earlier head.',
  per: 'Of a head: what the formula gives is the demand of a year, a half or a quarter.',
  exemptions: 'Conditions that free the property from some heads or all.',
  instalments: 'Due days and shares; the shares add up to 1.',
  instalment_rounding: 'How shares are rounded, and which instalment carries the remainder.',
  needed_when: 'An optional input that is needed all the same where this condition holds.',
  rebates:
    'In order: each on its heads, on what the last one left or on the head, given on demand or on payment.',
  lapses: 'When a rebate on demand is taken back, under which condition, and how much of it.',
  charges: 'What grows on overdue dues: interest, surcharge, fine.',
  cap: 'What the charge on one instalment or year never exceeds in all.',
  appropriation: 'In which order a payment clears what is owed.',
  amnesties: 'Charges forgiven to who pays within some days.',
  cases:
    'Worked examples; they are the tests of the file. published: of the law itself. computed: own arithmetic.',
};

/**
 * The JSON Schema of both kinds of tariff file, for editors: made from the very schema that reads the files. A scalar
 * is text to the reader, so that what YAML takes for a number, a boolean or null is allowed where its text is.
 */
export function tariffJsonSchema(): object {
  const schemaOf = (schema: z.ZodType) => {
    const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: forEditors });
    delete made.$schema;
    return made;
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Tariff file',
    type: 'object',
    required: ['kind'],
    if: { properties: { kind: { const: 'collection' } } },
    then: { $ref: '#/$defs/collection' },
    else: { $ref: '#/$defs/assessment' },
    $defs: { assessment: schemaOf(assessmentFile), collection: schemaOf(collectionFile) },
  };
}

type Made = Record<string, unknown>;

function forEditors({ jsonSchema, path }: { jsonSchema: object; path: (string | number)[] }): void {
  const made = jsonSchema as Made;
  const isProperty = path.at(-2) === 'properties';
  const description = isProperty ? DESCRIPTIONS[String(path.at(-1))] : undefined;
  if (description) made['description'] = description;
  const values = (made['enum'] ?? ('const' in made ? [made['const']] : null)) as unknown[] | null;
  if (values) {
    const more = values.filter((value) => typeof value === 'string' && value in READ_AS);
    if (more.length === 0) return;
    delete made['const'];
    delete made['type'];
    made['enum'] = [...values, ...more.map((value) => READ_AS[String(value)])];
  } else if (made['type'] === 'string' && path.at(-1) !== 'propertyNames') {
    if (mayBePlain(made)) made['type'] = ['string', 'number', 'boolean'];
  }
}

/** Whether the text may be one that YAML reads as a number or a boolean. */
function mayBePlain({ format, minLength, pattern }: Made): boolean {
  if (typeof pattern !== 'string') return format === undefined && minLength === undefined;
  return ['1', '2020', '-1.5', 'true'].some((text) => new RegExp(pattern, 'u').test(text));
}

/** What YAML reads these texts as. */
const READ_AS: Record<string, boolean | null> = { true: true, false: false, null: null };
