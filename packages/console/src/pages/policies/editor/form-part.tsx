import type { ReactNode } from 'react';

/** What is wrong with a field, in one sentence; null where nothing is. */
export type ProblemOf = (path: string) => string | null;

export function FormPart({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="form-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
