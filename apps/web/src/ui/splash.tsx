import { Loader } from '@mantine/core';
import { Mark } from './mark.js';
import './ui.css';

/** The few hundred milliseconds before the first page. */
export function Splash() {
  return (
    <div className="splash" role="status" aria-busy="true" aria-label="Jarib">
      <Mark size={40} />
      <Loader />
    </div>
  );
}
