import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import './code-block.css';

interface CodeBlockProps {
  /** What this is, for screen readers and the copy button: "Configuration for Cursor". */
  readonly label: string;
  readonly text: string;
  /** Shown above the text: a file's name. */
  readonly title?: ReactNode;
  readonly onCopied?: () => void;
}

export function CodeBlock({ label, text, title, onCopied }: CodeBlockProps) {
  const copy = <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} onCopied={onCopied} />;
  return (
    <figure className="code" aria-label={label}>
      {title !== undefined && (
        <figcaption className="code-head">
          <span className="clip">{title}</span>
          {copy}
        </figcaption>
      )}
      {/* The text scrolls sideways, so the keyboard must reach it. */}
      <pre className="code-text" tabIndex={0} aria-label={label} role="region">
        {text}
      </pre>
      {title === undefined && <span className="code-copy">{copy}</span>}
    </figure>
  );
}
