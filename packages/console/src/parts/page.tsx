import { type ReactNode, useEffect } from 'react';
import './page.css';

interface PageProps {
  readonly title: string;
  /** Shown instead of the plain title, e.g. with a badge; null where the page's content brings its own. */
  readonly heading?: ReactNode;
  readonly text?: ReactNode;
  readonly actions?: ReactNode;
  /** Above the title: the way back. */
  readonly trail?: ReactNode;
  /** The page fills the window and scrolls inside, as lists do. */
  readonly filling?: boolean;
  /** For two columns of code. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Page({ title, heading, text, actions, trail, filling = false, wide = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · MCPVault`;
  }, [title]);
  return (
    <div className="page" data-filling={filling || undefined} data-wide={wide || undefined}>
      <header className="page-head">
        <div className="page-title">
          {trail && <div className="page-trail">{trail}</div>}
          {heading !== null && <h1>{heading ?? title}</h1>}
          {text && <div className="page-text">{text}</div>}
        </div>
        {actions && <div className="row page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: ReactNode;
  readonly text?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, text, actions, children }: SectionProps) {
  return (
    <section className="section">
      <header className="section-head">
        <div>
          <h2>{title}</h2>
          {text && <p className="soft">{text}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

export function Card({ children, padded = true }: { readonly children: ReactNode; readonly padded?: boolean }) {
  return (
    <div className="card" data-padded={padded || undefined}>
      {children}
    </div>
  );
}

/** Names and values, as a description list. */
export function Facts({ items }: { readonly items: readonly (readonly [string, ReactNode] | null)[] }) {
  return (
    <dl className="facts">
      {items.map(
        (item) =>
          item && (
            <div key={item[0]} className="fact">
              <dt>{item[0]}</dt>
              <dd>{item[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
