import { useState } from 'react';
import { type Input as InputOf, useAll, useRead, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, FieldGroup, Input, Radio, Select, TextArea } from '../../parts/field.tsx';
import { useNow } from '../../parts/now.tsx';
import { MultiPicker, Picker } from '../../parts/picker.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { say } from '../../parts/toast.tsx';

interface AddGrantProps {
  /** Chosen beforehand, by id. */
  readonly server?: string | undefined;
  readonly member?: string | undefined;
  readonly onClose: () => void;
}

type Subject = InputOf<'createGrant'>['subject'];

const lifetimes: readonly (readonly [string, number | null])[] = [
  ['Until it is taken back', null],
  ['For an hour', 1],
  ['For a day', 24],
  ['For a week', 168],
  ['For 30 days', 720],
  ['For 90 days', 2160],
];

export function AddGrant({ server: givenServer, member: givenMember, onClose }: AddGrantProps) {
  const servers = useAll('listServers', {}).data ?? [];
  const members = useAll('listMembers', {}).data ?? [];
  const teams = useAll('listTeams', {}).data ?? [];
  const roles = useRead('listRoles', {}).data?.items ?? [];
  const create = useWrite('createGrant', 'servers');
  const now = useNow();
  const [type, setType] = useState<Subject['type']>('member');
  const [subject, setSubject] = useState<string | null>(givenMember ?? null);
  const [server, setServer] = useState<string | null>(givenServer ?? null);
  const [tools, setTools] = useState<string[] | null>(null);
  const [hours, setHours] = useState<number | null>(null);
  const [effect, setEffect] = useState<'allow' | 'deny'>('allow');
  const [condition, setCondition] = useState('');
  const [reason, setReason] = useState('');
  const offered =
    useAll('listServerTools', { id: server ?? '' }, { enabled: server !== null && tools !== null }).data ?? [];
  const complete = subject !== null && server !== null && (tools === null || tools.length > 0);

  const submit = () => {
    if (!complete) return;
    create.mutate(
      {
        effect,
        subject: { type, id: subject } as Subject,
        server,
        tools,
        condition: condition.trim() === '' ? null : condition,
        reason: reason.trim() === '' ? null : reason,
        expiresAt: hours === null ? null : new Date(now + hours * 3_600_000).toISOString(),
      },
      {
        onSuccess: (grant) => {
          const may = grant.effect === 'deny' ? 'may not use' : 'may use';
          say(`${grant.subject.label} ${may} ${grant.server.name}`, { detail: 'From the next message on.' });
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a grant"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="add-grant" busy={create.isPending} disabled={!complete}>
            Add grant
          </Button>
        </>
      }
    >
      <form
        id="add-grant"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {create.error && <Problem error={create.error} title="The grant could not be added" />}
        <FieldGroup legend="What it does">
          <Radio
            name="effect"
            label="Lets them use it"
            checked={effect === 'allow'}
            onChange={() => setEffect('allow')}
          />
          <Radio
            name="effect"
            label="Denies it to them, whatever else allows it"
            checked={effect === 'deny'}
            onChange={() => setEffect('deny')}
          />
        </FieldGroup>
        <FieldGroup legend="Who">
          <div>
            <Segments
              label="Kind of subject"
              value={type}
              onChange={(next) => {
                setType(next);
                setSubject(null);
              }}
              options={[
                { value: 'member', label: 'A member' },
                { value: 'team', label: 'A team' },
                { value: 'role', label: 'A role' },
              ]}
            />
          </div>
          {type === 'member' && (
            <Picker
              label="Member"
              placeholder="Find a member"
              choices={members.map(({ id, name, email }) => ({ value: id, label: name, detail: email }))}
              value={subject}
              onChange={setSubject}
            />
          )}
          {type === 'team' && (
            <Picker
              label="Team"
              placeholder="Find a team"
              choices={teams.map(({ id, name, members: { length } }) => ({
                value: id,
                label: name,
                detail: `${length} members`,
              }))}
              value={subject}
              onChange={setSubject}
            />
          )}
          {type === 'role' && (
            <Picker
              label="Role"
              placeholder="Find a role"
              choices={roles.map(({ id, name }) => ({
                value: id,
                label: name,
                detail: 'everyone who has it, now and later',
              }))}
              value={subject}
              onChange={setSubject}
            />
          )}
        </FieldGroup>
        {givenServer === undefined && (
          <Field label="Server" required>
            {(control) => (
              <Picker
                id={control.id}
                placeholder="Find a server"
                choices={servers.map(({ id, name }) => ({ value: id, label: name }))}
                value={server}
                onChange={(next) => {
                  setServer(next);
                  if (tools !== null) setTools([]);
                }}
              />
            )}
          </Field>
        )}
        <FieldGroup legend="Which tools">
          <Radio
            name="tools"
            label="All, also those it will offer later"
            checked={tools === null}
            onChange={() => setTools(null)}
          />
          <Radio name="tools" label="Only these" checked={tools !== null} onChange={() => setTools([])} />
          {tools !== null && (
            <Field label="Tools">
              {(control) => (
                <MultiPicker
                  id={control.id}
                  placeholder={server === null ? 'Choose the server first' : 'Find tools'}
                  choices={offered.map(({ name }) => ({ value: name, label: name }))}
                  values={tools}
                  onChange={setTools}
                />
              )}
            </Field>
          )}
        </FieldGroup>
        <Field
          label="Only where"
          hint="A condition in the language of policies, such as in_network(network.ip, &quot;10.0.0.0/8&quot;). Left out: always."
        >
          {(control) => (
            <TextArea
              {...control}
              mono
              rows={2}
              value={condition}
              onChange={(event) => setCondition(event.target.value)}
            />
          )}
        </Field>
        <Field label="Reason" hint="Told to whoever is refused by it.">
          {(control) => <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        {complete && <Gains effect={effect} subject={subject} server={server} tools={tools} />}
        <Field label="How long">
          {(control) => (
            <Select
              {...control}
              value={hours ?? ''}
              onChange={(event) => setHours(event.target.value === '' ? null : Number(event.target.value))}
            >
              {lifetimes.map(([label, value]) => (
                <option key={label} value={value ?? ''}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}

interface GainsProps {
  readonly effect: 'allow' | 'deny';
  readonly subject: string;
  readonly server: string;
  readonly tools: readonly string[] | null;
}

/** Who could use more with the grant as it stands in the form. */
function Gains({ effect, subject, server, tools }: GainsProps) {
  const preview = useRead('previewGrant', {
    effect,
    subject: subject as InputOf<'previewGrant'>['subject'],
    server,
    ...(tools === null ? {} : { tools: tools.join(',') }),
  }).data;
  if (preview === undefined) return null;
  const [changes, count] = effect === 'deny' ? [preview.losses, preview.losing] : [preview.gains, preview.gaining];
  if (count === 0) {
    const why =
      effect === 'deny' ? 'Nobody loses anything by it.' : 'Nobody gains anything: all of this is granted already.';
    return <p className="field-hint">{why}</p>;
  }
  const names = changes.slice(0, 3).map(({ member }) => member.name);
  const more = count - names.length;
  return (
    <p className="field-hint" role="status">
      {effect === 'deny' ? 'Takes from' : 'Gives more to'} {names.join(', ')}
      {more > 0 && ` and ${more} more`}.
    </p>
  );
}
