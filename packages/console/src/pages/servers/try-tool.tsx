import { Link } from '@tanstack/react-router';
import { Play, Square } from 'lucide-react';
import { useState } from 'react';
import { duration } from '../../format.ts';
import { StatusDot } from '../../parts/badge.tsx';
import { Button, buttonLook } from '../../parts/button.tsx';
import { Field, TextArea } from '../../parts/field.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { argumentsFrom, type Drafts, draftsOf, formFromSchema } from './form-from-schema.ts';
import { SchemaForm } from './schema-form.tsx';
import type { Server } from './server-status.tsx';
import type { Tool } from './tool-hints.tsx';
import { ToolContent } from './tool-content.tsx';
import { type CallState, useRecordedCall, useToolCall } from './use-tool-call.ts';

/** A form made from the tool's schema, its call through the real endpoint, and the answer. */
export function TryTool({ server, tool }: { readonly server: Server; readonly tool: Tool }) {
  const [fields] = useState(() => formFromSchema(tool.inputSchema));
  const [drafts, setDrafts] = useState<Drafts>(() => draftsOf(fields ?? []));
  const [json, setJson] = useState('{}');
  const [mode, setMode] = useState<'form' | 'json'>(fields ? 'form' : 'json');
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [startedAt, setStartedAt] = useState<string | null>(null);
  const { state, call, cancel } = useToolCall(server);
  const isCalling = state.type === 'calling';
  const settled = state.type === 'answered' || state.type === 'failed';
  const recorded = useRecordedCall(server, tool.name, settled ? startedAt : null);

  const toMode = (next: 'form' | 'json') => {
    if (next === 'json' && fields) setJson(JSON.stringify(argumentsFrom(fields, drafts).args, null, 2));
    setMode(next);
  };
  const submit = () => {
    const filled = mode === 'form' && fields ? argumentsFrom(fields, drafts) : fromJson(json);
    setErrors(filled.errors);
    if (Object.keys(filled.errors).length > 0) return;
    // A second earlier: the clocks of the hub and of this computer may differ a little.
    setStartedAt(new Date(performance.timeOrigin + performance.now() - 1000).toISOString());
    void call(tool.name, filled.args);
  };

  return (
    <section className="try" aria-label={`Try ${tool.name}`}>
      <form
        className="try-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {fields && fields.length > 0 && (
          <div>
            <Segments
              label="How to write the arguments"
              value={mode}
              onChange={toMode}
              options={[
                { value: 'form', label: 'Form' },
                { value: 'json', label: 'JSON' },
              ]}
            />
          </div>
        )}
        {mode === 'form' && fields ? (
          <SchemaForm fields={fields} drafts={drafts} errors={errors} onChange={setDrafts} />
        ) : (
          <Field
            label="Arguments"
            error={errors['']}
            hint={fields ? undefined : 'This tool’s schema is best written as JSON.'}
          >
            {(control) => (
              <TextArea {...control} mono rows={8} value={json} onChange={(event) => setJson(event.target.value)} />
            )}
          </Field>
        )}
        <div className="row">
          <Button type="submit" kind="primary" icon={Play} busy={isCalling} disabled={server.status === 'disabled'}>
            Call {tool.name}
          </Button>
          {isCalling && (
            <>
              <Button kind="quiet" icon={Square} onClick={cancel}>
                Cancel
              </Button>
              <span className="soft" role="status">
                {state.progress ?? 'Calling…'}
              </span>
            </>
          )}
        </div>
      </form>
      <div aria-live="polite">{settled && <Answer state={state} recorded={recorded} />}</div>
    </section>
  );
}

type Settled = Extract<CallState, { readonly type: 'answered' | 'failed' }>;

function Answer({ state, recorded }: { readonly state: Settled; readonly recorded: string | null }) {
  const [view, setView] = useState<'read' | 'raw'>('read');
  const failed = state.type === 'failed' || state.result.isError;
  return (
    <div className="try-result">
      <div className="row">
        <StatusDot
          tone={state.type === 'failed' ? 'bad' : failed ? 'warn' : 'ok'}
          label={state.type === 'failed' ? 'Failed' : failed ? 'The tool says it failed' : 'Answered'}
        />
        <span className="faint num">in {duration(state.took * 1000)}</span>
        {state.type === 'answered' && (
          <Segments
            label="How to show the answer"
            value={view}
            onChange={setView}
            options={[
              { value: 'read', label: 'Result' },
              { value: 'raw', label: 'As received' },
            ]}
          />
        )}
        {recorded !== null && (
          <Link to="/messages/$id" params={{ id: recorded }} {...buttonLook({ size: 'small' })}>
            See the recorded message
          </Link>
        )}
      </div>
      {state.type === 'failed' ? (
        <Notice tone="bad" title={state.error.message} />
      ) : view === 'raw' ? (
        <div className="card">
          <JsonView label="The answer as received" text={state.text} />
        </div>
      ) : (
        <ToolContent result={state.result} />
      )}
    </div>
  );
}

function fromJson(text: string): { args: object; errors: Readonly<Record<string, string>> } {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { args: value, errors: {} };
    return { args: {}, errors: { '': 'Arguments are a JSON object.' } };
  } catch (error) {
    return { args: {}, errors: { '': `This is not JSON: ${error instanceof Error ? error.message : ''}` } };
  }
}
