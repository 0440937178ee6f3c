import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { useState } from 'react';
import { useRead, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, FieldGroup, Input, Select } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { kindsOfFindings } from './finding-kinds.ts';

type Rules = OutputOf<Operations['getComplianceRules']>;
type Weight = Rules['severities'][string];

const weights: readonly (readonly [Weight, string])[] = [
  ['error', 'error'],
  ['warning', 'warning'],
  ['note', 'note'],
  ['off', 'does not count'],
];

/** What counts against a workstation, and how often each scans what. */
export function EditRules({ onClose }: { readonly onClose: () => void }) {
  const rules = useRead('getComplianceRules', {});
  return (
    <Dialog
      open
      onClose={onClose}
      title="Compliance rules"
      description="What of a scan counts, and how often workstations scan. The last reports are judged anew at once."
    >
      {rules.error && !rules.data ? (
        <Problem error={rules.error} />
      ) : rules.data ? (
        <Form rules={rules.data} onClose={onClose} />
      ) : (
        <SkeletonLines count={6} label="Loading the rules" />
      )}
    </Dialog>
  );
}

function Form({ rules: { version: _, ...kept }, onClose }: { readonly rules: Rules; readonly onClose: () => void }) {
  const [rules, setRules] = useState(kept);
  const save = useWrite('updateComplianceRules');
  const preview = useWrite('previewComplianceRules');
  const change = (more: Partial<typeof rules>) => {
    preview.reset();
    setRules({ ...rules, ...more });
  };
  const failed = (error: unknown) => warn('The rules could not be saved', sentenceOf(error));
  const done = () => {
    say('The rules hold');
    onClose();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(rules, { onSuccess: done, onError: failed });
      }}
    >
      <Field label="Scan every (minutes)" hint="A workstation that missed two scans shows as overdue.">
        {(control) => (
          <Input
            {...control}
            type="number"
            min={5}
            max={44_640}
            value={rules.everyMinutes}
            onChange={(event) => change({ everyMinutes: Number(event.target.value) })}
          />
        )}
      </Field>
      <Field label="Counts from">
        {(control) => (
          <Select
            {...control}
            value={rules.failOn}
            onChange={(event) => change({ failOn: event.target.value as Rules['failOn'] })}
          >
            <option value="error">errors</option>
            <option value="warning">warnings</option>
            <option value="note">notes</option>
          </Select>
        )}
      </Field>
      <Checkbox
        label="Every server must go through MCPVault"
        checked={rules.requireManaged}
        onChange={(event) => change({ requireManaged: event.target.checked })}
      />
      <Checkbox
        label="Files that nobody can judge count"
        checked={rules.requireReadable}
        onChange={(event) => change({ requireReadable: event.target.checked })}
      />
      <Checkbox
        label="Look into projects that clients remember"
        checked={rules.projects}
        onChange={(event) => change({ projects: event.target.checked })}
      />
      <Field label="Folders that are not looked into" hint="One a line; ~ is the member’s home.">
        {(control) => (
          <textarea
            {...control}
            className="control"
            rows={2}
            value={rules.excludedFolders.join('\n')}
            onChange={(event) => change({ excludedFolders: event.target.value.split('\n') })}
            onBlur={() => change({ excludedFolders: rules.excludedFolders.filter((folder) => folder.trim() !== '') })}
          />
        )}
      </Field>
      <FieldGroup legend="How bad each finding is">
        {kindsOfFindings.map(([code, usual]) => (
          <Field key={code} label={code}>
            {(control) => (
              <Select
                {...control}
                value={rules.severities[code] ?? usual}
                onChange={(event) =>
                  change({ severities: { ...rules.severities, [code]: event.target.value as Weight } })
                }
              >
                {weights.map(([weight, label]) => (
                  <option key={weight} value={weight}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ))}
      </FieldGroup>
      {preview.data && (
        <Notice tone="info" title={`${preview.data.compliant} would comply, ${preview.data.nonCompliant} would not.`}>
          {preview.data.changes.map(({ workstation, name, from, to }) => (
            <p key={workstation}>
              {name}: {from.replace('_', '-')} becomes {to.replace('_', '-')}
            </p>
          ))}
        </Notice>
      )}
      <div className="row">
        <Button busy={preview.isPending} onClick={() => preview.mutate(rules, { onError: failed })}>
          Preview
        </Button>
        <Button type="submit" kind="primary" busy={save.isPending}>
          Save rules
        </Button>
      </div>
    </form>
  );
}
