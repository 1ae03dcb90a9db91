import { maskMobile, maskName } from '../../core/mask.js';
import type { DifferenceLine } from './difference.js';
import type { PropertyDocument } from './property-document.js';
import type { Operation } from './property-file.schema.js';

const personal: Record<string, (text: string) => string> = {
  name: maskName,
  nameLocal: maskName,
  mobile: maskMobile,
};

function maskFields<T extends object>(given: T): T {
  const masked = Object.entries(given).map(([field, value]) => {
    const mask = personal[field];
    return [field, mask && typeof value === 'string' ? mask(value) : value];
  });
  return Object.fromEntries(masked) as T;
}

/** Lines for who sees persons masked; without them where `personsSeen` is false. */
export function maskedLines(lines: DifferenceLine[], personsSeen: boolean): DifferenceLine[] {
  return lines.flatMap((line) => {
    if (line.noun !== 'owner') return [line];
    if (!personsSeen) return [];
    const mask = personal[line.field];
    const hide = (value: unknown) => (mask && typeof value === 'string' ? mask(value) : value);
    return [{ ...line, before: hide(line.before), after: hide(line.after) }];
  });
}

/** A change's acts with its persons masked, or left out. */
export function maskedOperations(operations: Operation[], personsSeen: boolean): Operation[] {
  return operations.flatMap((operation) => {
    if (!/owner/.test(operation.do)) return [operation];
    if (!personsSeen) return [];
    const masked = maskFields(operation);
    return [masked.do === 'alter-owner' ? { ...masked, set: maskFields(masked.set) } : masked];
  });
}

export function maskedDocument(document: PropertyDocument, personsSeen: boolean): PropertyDocument {
  return { ...document, owners: personsSeen ? document.owners.map(maskFields) : [] };
}
