import { type ReactNode, useEffect } from 'react';
import { Mark } from '../../parts/mark.tsx';
import './front-door.css';

interface FrontDoorProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}

/** The frame of every page before the sign-in. */
export function FrontDoor({ title, text, children, foot }: FrontDoorProps) {
  useEffect(() => {
    document.title = `${title} · MCPVault`;
  }, [title]);
  return (
    <main className="door">
      <div className="door-frame">
        <Mark size={44} />
        <h1>{title}</h1>
        {text && <p className="soft">{text}</p>}
        {children}
      </div>
      {foot && <p className="door-foot">{foot}</p>}
    </main>
  );
}
