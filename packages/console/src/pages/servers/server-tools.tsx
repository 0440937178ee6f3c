import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Wrench } from 'lucide-react';
import { useState } from 'react';
import { useAll } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import type { Server } from './server-status.tsx';
import { ToolDetail } from './tool-detail.tsx';
import type { Tool } from './tool-hints.tsx';
import { ReviewBadge } from './tool-review.tsx';
import './server-tools.css';

export default function ServerTools({ server }: { readonly server: Server }) {
  const tools = useAll('listServerTools', { id: server.id });
  const { tool: chosenName } = useSearch({ from: '/signed-in/servers/$id' });
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const choose = (tool: string | undefined) =>
    void navigate({ to: '/servers/$id', params: { id: server.id }, search: { tab: 'tools', tool }, replace: true });

  if (tools.error) return <Problem error={tools.error} onRetry={() => void tools.refetch()} />;
  if (!tools.data) return <SkeletonLines count={6} label="Loading tools" />;
  if (tools.data.length === 0) return <NoTools server={server} />;

  const wanted = typed.trim().toLowerCase();
  const shown = tools.data.filter(({ name, mergedName, title, description }) =>
    `${name}\n${mergedName ?? ''}\n${title ?? ''}\n${description ?? ''}`.toLowerCase().includes(wanted),
  );
  const chosen = tools.data.find((tool) => tool.name === chosenName);
  return (
    <div className="tools" data-chosen={chosen ? '' : undefined}>
      <div className="tools-list">
        <Input
          type="search"
          aria-label="Search tools"
          placeholder="Search tools"
          data-search=""
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <ul>
          {shown.map((tool) => (
            <li key={tool.name}>
              <button
                type="button"
                className="tool"
                aria-current={tool === (chosen ?? shown[0]) || undefined}
                onClick={() => choose(tool.name)}
              >
                <span className="row">
                  <span className="mono clip">{tool.name}</span>
                  <ReviewBadge tool={tool} />
                </span>
                <span className="tool-about faint">{tool.description ?? tool.title}</span>
              </button>
            </li>
          ))}
        </ul>
        {shown.length === 0 && <p className="soft">No tool matches “{typed}”.</p>}
      </div>
      <div className="tools-detail">
        {chosen && (
          <div className="tools-back">
            <Button size="small" kind="quiet" icon={ArrowLeft} onClick={() => choose(undefined)}>
              All tools
            </Button>
          </div>
        )}
        <Chosen server={server} tool={chosen ?? shown[0]} />
      </div>
    </div>
  );
}

function Chosen({ server, tool }: { readonly server: Server; readonly tool: Tool | undefined }) {
  if (!tool) return null;
  return <ToolDetail key={tool.name} server={server} tool={tool} />;
}

function NoTools({ server }: { readonly server: Server }) {
  return (
    <EmptyState
      icon={Wrench}
      title={server.status === 'ready' ? 'This server offers no tools' : 'Its tools are not known yet'}
      text={
        server.status === 'ready'
          ? 'It may offer prompts or resources; clients see those.'
          : 'They appear as soon as the server has answered for the first time.'
      }
    />
  );
}
