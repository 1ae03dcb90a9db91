import type { ReactNode } from 'react';
import './ui.css';

interface Props {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** An empty place says why it is empty and what fills it. */
export function Empty({ icon, title, children, action }: Props) {
  return (
    <div className="empty">
      <span className="empty-icon" aria-hidden="true">
        {icon}
      </span>
      <strong>{title}</strong>
      <p>{children}</p>
      {action}
    </div>
  );
}
