import type { ProblemDetail } from '../../core/problem.js';
import { formatShare, parseShare } from '../../core/share.js';
import { limits } from '../../platform/limits.js';
import { type Dated, holdsFrom, holdsOn, inOrder, type PropertyDocument } from './property-document.js';
import type { OwnerState, PropertyState, UnitState } from './property-document.js';
import type { Operation } from './property-file.schema.js';
import { shareFaults } from './share-faults.js';

/** What a change would make of a property, and why it cannot be where it cannot. */
export interface Outcome {
  document: PropertyDocument;
  faults: ProblemDetail[];
}

type Of<Name extends Operation['do']> = Extract<Operation, { do: Name }>;

interface Work {
  document: PropertyDocument;
  day: string;
  /** Adds a fault at a place below the operation in hand. */
  fault: (below: string, message: string, value?: unknown) => void;
}

/**
 * Does the operations one after the other on a copy of `base`, from `day` on. What held before that day stays as it
 * was; what is recorded to hold from a later day stays too, but for facts that this change alters and that the later
 * state only carried on.
 */
export function applyOperations(
  base: PropertyDocument,
  day: string,
  operations: readonly Operation[],
): Outcome {
  const document = structuredClone(base);
  const faults: ProblemDetail[] = [];
  for (const [index, operation] of operations.entries()) {
    const fault: Work['fault'] = (below, message, value) =>
      faults.push({
        where: `/operations/${index}${below}`,
        ...(value === undefined ? {} : { value }),
        message,
      });
    const made = base.property.number !== '' || index > 0;
    if (operation.do === 'create-property' && made) {
      fault('/do', 'A new property is made by the first act of a change, and once');
    } else if (operation.do !== 'create-property' && !made) {
      fault('/do', 'The property is not on the roll: begin with create-property');
    } else if (document.property.status === 'retired') {
      fault('/do', 'The property is retired: nothing more can be changed in it');
    } else act({ document, day, fault }, operation);
  }
  if (operations.some((operation) => /owner/.test(operation.do))) {
    faults.push(...shareFaults(document.owners, day, operations));
  }
  return { document, faults };
}

function act(work: Work, operation: Operation): void {
  const { document, day } = work;
  switch (operation.do) {
    case 'create-property':
      return create(work, operation);
    case 'alter-property':
      document.property = { ...document.property, ...withFacts(document.property, operation.set) };
      return;
    case 'set-land':
      return setLand(document, operation);
    case 'retire-property':
      document.units = endAll(document.units, day);
      document.owners = endAll(document.owners, day);
      document.property.status = 'retired';
      return;
    case 'add-unit':
      return addUnit(work, operation);
    case 'alter-unit':
      document.units = alter(work, document.units, 'unitNo', { no: operation.unitNo, set: operation.set });
      return;
    case 'adopt-area':
      return adoptArea(work, operation);
    case 'retire-unit':
      document.units = end(work, document.units, 'unitNo', operation.unitNo);
      return;
    case 'add-owner':
      return addOwner(work, operation);
    case 'alter-owner':
      document.owners = alter(work, document.owners, 'ownerNo', {
        no: operation.ownerNo,
        set: { ...operation.set, ...(operation.set.share ? { share: shareText(operation.set.share) } : {}) },
      });
      return;
    case 'end-owner':
      document.owners = end(work, document.owners, 'ownerNo', operation.ownerNo);
  }
}

function create(
  { document }: Work,
  { do: _, parcelIds, noParcelReason, ...given }: Of<'create-property'>,
): void {
  const facts = withoutNulls(given.facts ?? {});
  document.property = { ...document.property, ...(given as Partial<PropertyState>), facts };
  setLand(document, { parcelIds, noParcelReason });
}

function setLand(
  document: PropertyDocument,
  land: { parcelIds: string[]; noParcelReason: string | null },
): void {
  document.parcelIds = [...new Set(land.parcelIds)].sort();
  document.property.noParcelReason = land.parcelIds.length ? null : land.noParcelReason;
}

function addUnit(work: Work, { do: _, unitNo: asked, ...given }: Of<'add-unit'>): void {
  const { document, day } = work;
  const unitNo = asked ?? nextNo(document.units.map((unit) => unit.unitNo));
  if (
    !free(
      work,
      document.units.filter((unit) => unit.unitNo === unitNo),
      `unit ${unitNo}`,
      '/unitNo',
    )
  )
    return;
  if (new Set(document.units.map((unit) => unit.unitNo)).size >= limits.propertyUnits) {
    return work.fault('', `A property has at most ${limits.propertyUnits} units: make a second property`);
  }
  const blank = { floor: null, structure: null, occupancy: null, yearBuilt: null, areaM2: null };
  const areas = { declaredAreaM2: null, measuredAreaM2: null, capitalValue: null };
  const facts = withoutNulls(given.facts ?? {});
  document.units.push({ ...blank, ...areas, ...given, facts, unitNo, from: day, to: null, recordedAt: null });
}

function addOwner(work: Work, { do: _, ownerNo: asked, ...given }: Of<'add-owner'>): void {
  const { document, day } = work;
  const ownerNo = asked ?? nextNo(document.owners.map((owner) => owner.ownerNo));
  const same = document.owners.filter((owner) => owner.ownerNo === ownerNo);
  if (!free(work, same, `owner ${ownerNo}`, '/ownerNo')) return;
  if (new Set(document.owners.map((owner) => owner.ownerNo)).size >= limits.propertyOwners) {
    return work.fault('', `A property has at most ${limits.propertyOwners} owners`);
  }
  const { nameLocal = null, mobile = null } = given;
  const share = shareText(given.share);
  document.owners.push({
    ...given,
    nameLocal,
    mobile,
    share,
    ownerNo,
    from: day,
    to: null,
    recordedAt: null,
  });
}

/** Adopting is an act of its own: neither what is declared nor what is measured ever taxes by itself. */
function adoptArea(work: Work, { unitNo, from, areaM2 }: Of<'adopt-area'>): void {
  const unit = work.document.units.find((each) => each.unitNo === unitNo && holdsOn(each, work.day));
  const has = from === 'declared' ? unit?.declaredAreaM2 : unit?.measuredAreaM2;
  const adopted = from === 'stated' ? areaM2 : has;
  if (unit && (adopted === null || adopted === undefined || Number(adopted) <= 0)) {
    return work.fault(
      '/from',
      `Unit ${unitNo} has no ${from} area to adopt: enter it first, or state an area`,
    );
  }
  work.document.units = alter(work, work.document.units, 'unitNo', {
    no: unitNo,
    set: { areaM2: adopted ?? null },
  });
}

type State = Dated & { facts?: Record<string, unknown> };

/** All states, with those of the numbered one altered from the day on. */
function alter<S extends UnitState | OwnerState>(
  work: Work,
  states: S[],
  key: keyof S & ('unitNo' | 'ownerNo'),
  { no, set }: { no: number; set: Partial<UnitState> | Partial<OwnerState> },
): S[] {
  const own = states.filter((state) => state[key] === no);
  if (!own.some((state) => holdsOn(state, work.day))) {
    work.fault(`/${key}`, notStanding(own, nounOf(key), no, work.day), no);
    return states;
  }
  const others = states.filter((state) => state[key] !== no);
  return [...others, ...alterStates<S>(own, work.day, set as Partial<S>)];
}

/** The states of one unit or owner with `set` written from `day` on. */
export function alterStates<S extends State>(states: readonly S[], day: string, set: Partial<S>): S[] {
  const result: S[] = [];
  const carried: Partial<S> = { ...set };
  let before: S | null = null;
  for (const state of inOrder(states)) {
    if (!holdsFrom(state, day)) result.push(state);
    else if (holdsOn(state, day)) {
      if ((state.from ?? '') < day) result.push({ ...state, to: day });
      const from = (state.from ?? '') < day ? day : state.from;
      result.push({ ...state, ...withFacts(state, set), from, recordedAt: null });
    } else {
      keepCarried(carried, before, state);
      const changed = Object.keys(carried).length > 0;
      result.push(changed ? { ...state, ...withFacts(state, carried), recordedAt: null } : state);
    }
    before = state;
  }
  return result;
}

/** Leaves of `carried` what the next state only took over from the one before it. */
function keepCarried<S extends State>(carried: Partial<S>, before: S | null, next: S): void {
  for (const name of Object.keys(carried) as (keyof S)[]) {
    const goesOn = before?.to === next.from && same(next[name], before?.[name]);
    if (!goesOn) delete carried[name];
  }
}

function end<S extends UnitState | OwnerState>(
  work: Work,
  states: S[],
  key: keyof S & ('unitNo' | 'ownerNo'),
  number: number,
): S[] {
  const own = states.filter((state) => state[key] === number);
  if (!own.some((state) => holdsOn(state, work.day))) {
    work.fault(`/${key}`, notStanding(own, nounOf(key), number, work.day), number);
    return states;
  }
  return [...states.filter((state) => state[key] !== number), ...endAll(own, work.day)];
}

/** States cut on the day; those that began on it or would begin later are gone. */
function endAll<S extends Dated>(states: readonly S[], day: string): S[] {
  return states
    .filter((state) => (state.from ?? '') < day)
    .map((state) => (holdsOn(state, day) ? { ...state, to: day } : state));
}

function free(work: Work, own: Dated[], what: string, below: string): boolean {
  const standing = inOrder(own).filter((state) => holdsFrom(state, work.day));
  if (!standing.length) return true;
  const [{ from, to }] = standing as [Dated];
  const since = `from ${from ?? 'the beginning'} ${to ? `to ${to}` : 'on'}`;
  work.fault(below, `There is ${what} already, ${since}: alter it, or leave its number out to add another`);
  return false;
}

function notStanding(own: Dated[], noun: string, number: number, day: string): string {
  const next = inOrder(own).find((state) => (state.from ?? '') > day)?.from;
  if (next)
    return `${noun} ${number} is recorded from ${next} on, not on ${day}: give that day or a later one`;
  const last = inOrder(own).at(-1)?.to;
  return last ? `${noun} ${number} ended on ${last}` : `The property has no ${noun.toLowerCase()} ${number}`;
}

const nounOf = (key: 'unitNo' | 'ownerNo' | string) => (key === 'unitNo' ? 'Unit' : 'Owner');
const nextNo = (numbers: number[]) => Math.max(0, ...numbers) + 1;
const shareText = (given: string) => formatShare(parseShare(given) ?? 0n);
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const withoutNulls = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));

/** Facts are set one by one; null takes one away. */
function withFacts<S extends { facts?: Record<string, unknown> }>(state: S, set: Partial<S>): Partial<S> {
  if (!set.facts) return set;
  return { ...set, facts: withoutNulls({ ...state.facts, ...set.facts }) };
}
