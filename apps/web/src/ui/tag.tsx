import type { ReactNode } from 'react';
import './ui.css';

/** A short state in words; the colour only repeats what the word says. */
export function Tag({
  tone,
  children,
}: {
  tone?: 'warning' | 'danger' | 'success' | 'accent';
  children: ReactNode;
}) {
  return <span className={tone ? `tag tag-${tone}` : 'tag'}>{children}</span>;
}
