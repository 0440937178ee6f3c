import { useState } from 'react';
import { type Input as InputOf, useAll, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, FieldGroup, Input, Select } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { MultiPicker } from '../../parts/picker.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { say } from '../../parts/toast.tsx';
import type { AlertRoute } from './route-list.tsx';

type Draft = InputOf<'createAlertRoute'>;
type Kind = Draft['transport']['type'];
type Severity = AlertRoute['filter']['severity'];

const kinds = [
  { value: 'email', label: 'Mail' },
  { value: 'slack', label: 'Slack' },
  { value: 'chat', label: 'Other chat' },
  { value: 'webhook', label: 'Web address' },
] as const;

const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

interface EditRouteProps {
  /** null: a new one. */
  readonly route: AlertRoute | null;
  readonly canMail: boolean;
  readonly onClose: () => void;
}

export function EditRoute({ route, canMail, onClose }: EditRouteProps) {
  const create = useWrite('createAlertRoute');
  const update = useWrite('updateAlertRoute');
  const [name, setName] = useState(route?.name ?? '');
  const where = useTransport(route, canMail);
  const which = useFilter(route);
  const when = useQuiet(route);
  const [after, setAfter] = useState(String(route?.afterMinutes ?? 0));
  const secret = create.data?.secret ?? null;
  if (secret !== null) return <Secret secret={secret} onClose={onClose} />;

  const submit = () => {
    const draft = { name, filter: which.filter, quiet: when.quiet, afterMinutes: Number(after) || 0 };
    const transport = where.transport();
    if (route !== null) {
      const done = () => {
        say(`${name} is changed`);
        onClose();
      };
      update.mutate(
        { ...draft, id: route.id, enabled: route.enabled, ...(transport && { transport }) },
        { onSuccess: done },
      );
    } else if (transport !== null) {
      create.mutate(
        { ...draft, transport },
        {
          onSuccess: ({ secret: made }) => {
            say(`${name} is told from now on`);
            if (made === null) onClose();
          },
        },
      );
    }
  };
  const error = create.error ?? update.error;
  return (
    <Dialog
      open
      onClose={onClose}
      title={route === null ? 'Add a route' : `Change ${route.name}`}
      description="What is told reaches the other side at least once, also after a restart of either side."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form="edit-route"
            busy={create.isPending || update.isPending}
            disabled={name.trim() === ''}
          >
            {route === null ? 'Add' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        id="edit-route"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error && <Problem error={error} title="The route could not be kept" />}
        <Field label="Name" required>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        {where.fields}
        {which.fields}
        {when.fields}
        <Field label="Only if nobody is at it after" hint="Minutes; 0 tells at once. Use a second route to escalate.">
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="numeric"
              value={after}
              onChange={(event) => setAfter(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function useTransport(route: AlertRoute | null, canMail: boolean) {
  const before = route?.transport;
  const [kind, setKind] = useState<Kind>(before?.type ?? (canMail ? 'email' : 'slack'));
  const [url, setUrl] = useState(before?.type === 'webhook' ? before.url : '');
  const [field, setField] = useState(before?.type === 'chat' ? before.field : 'text');
  const [to, setTo] = useState(before?.type === 'email' ? before.to.join(', ') : '');
  const [people, setPeople] = useState(before?.type === 'email' ? before.people : false);
  /** null: where it goes stays. */
  const transport = (): Draft['transport'] | null => {
    if (kind === 'email') return { type: 'email', to: to.split(/[\s,;]+/).filter((each) => each !== ''), people };
    if (route !== null && url.trim() === '') return null;
    return kind === 'chat' ? { type: 'chat', url, field } : { type: kind, url };
  };
  const fields = (
    <>
      {route === null && <Segments label="Kind" value={kind} options={kinds} onChange={setKind} />}
      {kind === 'email' ? (
        <>
          {!canMail && (
            <Notice tone="warn" title="This hub has no mail server">
              <p>
                Its operator names one with <code>MCPVAULT_SMTP_URL</code> and <code>MCPVAULT_MAIL_FROM</code>.
              </p>
            </Notice>
          )}
          <Field label="To" hint="Addresses, with commas between them.">
            {(control) => <Input {...control} value={to} onChange={(event) => setTo(event.target.value)} />}
          </Field>
          <Checkbox
            label="Also to those whom it concerns in person"
            hint="Such as the approvers of a held call."
            checked={people}
            onChange={(event) => setPeople(event.target.checked)}
          />
        </>
      ) : (
        <Field
          label="Address"
          required={route === null}
          hint={
            kind === 'webhook'
              ? 'Deliveries are signed as Standard Webhooks have it.'
              : route === null
                ? 'It is kept sealed and never shown again: whoever has it can write there.'
                : 'Left empty, it stays as it is.'
          }
        >
          {(control) => (
            <Input {...control} mono type="url" value={url} onChange={(event) => setUrl(event.target.value)} />
          )}
        </Field>
      )}
      {kind === 'chat' && (
        <Field
          label="Member that takes the text"
          hint="content for Discord; text for Mattermost, Teams and Google Chat."
        >
          {(control) => <Input {...control} mono value={field} onChange={(event) => setField(event.target.value)} />}
        </Field>
      )}
    </>
  );
  return { transport, fields };
}

function useFilter(route: AlertRoute | null) {
  const may = useMay();
  const before = route?.filter;
  const [severity, setSeverity] = useState<Severity>(before?.severity ?? 'medium');
  const [policies, setPolicies] = useState<readonly string[]>(before?.policies ?? []);
  const [servers, setServers] = useState<readonly string[]>(before?.servers ?? []);
  const allPolicies = useAll('listPolicies', {}, { enabled: may('policies:read') }).data ?? [];
  const allServers = useAll('listServers', {}).data ?? [];
  const choices = (all: readonly { readonly id: string; readonly name: string }[]) =>
    all.map(({ id, name }) => ({ value: id, label: name }));
  const filter: Draft['filter'] = {
    types: before?.types ?? null,
    severity,
    policies: policies.length === 0 ? null : (policies as `pol_${string}`[]),
    servers: servers.length === 0 ? null : (servers as `srv_${string}`[]),
  };
  const fields = (
    <FieldGroup legend="Of what">
      <Field label="Severity">
        {(control) => (
          <Select {...control} value={severity} onChange={(event) => setSeverity(event.target.value as Severity)}>
            {severities.map((each) => (
              <option key={each} value={each}>
                {each === 'info' ? 'every severity' : each === 'critical' ? 'critical only' : `${each} and up`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Policies" hint="Left empty: of all, and of the system.">
        {({ id }) => <MultiPicker id={id} choices={choices(allPolicies)} values={policies} onChange={setPolicies} />}
      </Field>
      <Field label="Servers">
        {({ id }) => <MultiPicker id={id} choices={choices(allServers)} values={servers} onChange={setServers} />}
      </Field>
    </FieldGroup>
  );
  return { filter, fields };
}

function useQuiet(route: AlertRoute | null) {
  const before = route?.quiet ?? null;
  const [isOn, setOn] = useState(before !== null);
  const [from, setFrom] = useState(before?.from ?? '22:00');
  const [to, setTo] = useState(before?.to ?? '07:00');
  const [timeZone, setTimeZone] = useState(before?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const quiet: Draft['quiet'] = isOn
    ? { timeZone, from, to, days: before?.days ?? null, unless: before === null ? 'critical' : before.unless }
    : null;
  const fields = (
    <FieldGroup legend="When not">
      <Checkbox
        label="Quiet hours"
        hint="What comes then is sent when they are over; critical alerts come all the same."
        checked={isOn}
        onChange={(event) => setOn(event.target.checked)}
      />
      {isOn && (
        <div className="route-quiet">
          <Field label="From" required>
            {(control) => (
              <Input {...control} type="time" value={from} onChange={(event) => setFrom(event.target.value)} />
            )}
          </Field>
          <Field label="To" required>
            {(control) => <Input {...control} type="time" value={to} onChange={(event) => setTo(event.target.value)} />}
          </Field>
          <Field label="Time zone" required>
            {(control) => <Input {...control} value={timeZone} onChange={(event) => setTimeZone(event.target.value)} />}
          </Field>
        </div>
      )}
    </FieldGroup>
  );
  return { quiet, fields };
}

function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Give this secret to the receiver"
      description="It checks signatures with it. It is shown once."
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <CodeBlock label="Secret" text={secret} />
    </Dialog>
  );
}
