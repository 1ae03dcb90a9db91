import { IconAlertCircle } from '@tabler/icons-react';
import type { Fault, YamlPath } from '../api/tariffs.js';
import { faultsAt } from './content.js';

/** What is wrong at a place or below it, each with its remedy. */
export function FaultLines({ faults, root }: { faults: readonly Fault[]; root: YamlPath }) {
  const own = faultsAt(faults, root);
  if (own.length === 0) return null;
  return (
    <ul className="fault-lines">
      {own.map((fault) => (
        <li key={`${fault.line}:${fault.column}:${fault.message}`}>
          <IconAlertCircle size={16} aria-hidden="true" />
          <span>
            {fault.message} <span className="quiet">{fault.remedy}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
