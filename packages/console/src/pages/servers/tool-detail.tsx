import { useState } from 'react';
import { CodeBlock } from '../../parts/code-block.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { Server } from './server-status.tsx';
import { type Tool, ToolHints } from './tool-hints.tsx';
import { ToolReview } from './tool-review.tsx';
import { TryTool } from './try-tool.tsx';
import './tool-detail.css';

export function ToolDetail({ server, tool }: { readonly server: Server; readonly tool: Tool }) {
  const [schema, setSchema] = useState(false);
  return (
    <article className="tool-detail">
      <header className="stack">
        <h2 className="row mono">
          {tool.name}
          <CopyButton text={tool.name} label="Copy name" />
        </h2>
        <p className="tool-merged soft">
          {tool.mergedName === null ? (
            'For pages of this server only; not offered at the merged endpoint.'
          ) : (
            <>
              <span>
                At the merged endpoint <code>{tool.mergedName}</code>
              </span>
              <CopyButton text={tool.mergedName} label="Copy merged name" />
            </>
          )}
        </p>
        <div className="row">
          <ToolHints tool={tool} />
        </div>
        {tool.description && <p className="tool-description">{tool.description}</p>}
      </header>
      <ToolReview server={server} tool={tool} />
      <TryTool server={server} tool={tool} />
      <details className="tool-schema" open={schema} onToggle={(event) => setSchema(event.currentTarget.open)}>
        <summary>Input schema</summary>
        {schema && <CodeBlock label="Input schema" text={JSON.stringify(tool.inputSchema, null, 2)} />}
      </details>
    </article>
  );
}
