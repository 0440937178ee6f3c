// What the organization demands of everybody's sign-in.
import { useState } from 'react';
import { type Input as InputOf, type Output, useAll, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { Field, Input, Switch } from '../../parts/field.tsx';
import { Card, Section } from '../../parts/page.tsx';
import { MultiPicker } from '../../parts/picker.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';

type Security = Output<'getSecurity'>;
type Changes = Omit<InputOf<'updateSecurity'>, 'requireSecondFactor'> & { readonly requireSecondFactor?: boolean };

export function SignInRules() {
  const may = useMay();
  const security = useRead('getSecurity', {}).data;
  if (security === undefined) return null;
  return <Rules key={JSON.stringify(security)} security={security} mayWrite={may('organization:write')} />;
}

function Rules({ security, mayWrite }: { readonly security: Security; readonly mayWrite: boolean }) {
  const update = useWrite('updateSecurity', 'auth', 'members');
  // The feed may tell of the change before the answer does, and then this is drawn anew: what is said must not hang on it.
  const trySaving = async (changes: Changes, done: string): Promise<void> => {
    try {
      await update.mutateAsync({ requireSecondFactor: security.requireSecondFactor, ...changes });
      say(done);
    } catch (error) {
      warn('This could not be changed', sentenceOf(error));
    }
  };
  const save = (changes: Changes, done: string): void => void trySaving(changes, done);
  const locked = !mayWrite || update.isPending;
  return (
    <Section
      title="Signing in"
      text="Whoever has no second factor when one is demanded can set one up, and do nothing else. Tokens keep working."
    >
      <div>
        <Switch
          label="Demand a second factor"
          checked={security.requireSecondFactor}
          disabled={locked}
          onChange={(requireSecondFactor) =>
            save(
              { requireSecondFactor },
              requireSecondFactor ? 'A second factor is demanded now' : 'A second factor is no longer demanded',
            )
          }
        />
      </div>
      <SingleSignOn security={security} locked={locked} onSave={save} />
      <Limits security={security} locked={locked} onSave={save} />
      {update.error && <Problem error={update.error} />}
    </Section>
  );
}

interface PartProps {
  readonly security: Security;
  readonly locked: boolean;
  readonly onSave: (changes: Changes, done: string) => void;
}

function SingleSignOn({ security, locked, onSave }: PartProps) {
  const [glass, setGlass] = useState<readonly string[]>(security.breakGlass);
  const members = useAll('listMembers', {}).data ?? [];
  const admins = members
    .filter(({ role }) => role === 'admin')
    .map(({ id, name, email }) => ({ value: id, label: name, detail: email }));
  const breakGlass = glass as Security['breakGlass'];
  const isChanged = glass.join() !== security.breakGlass.join();
  return (
    <Card>
      <div className="stack">
        <Switch
          label="Demand single sign-on"
          checked={security.requireSingleSignOn}
          disabled={locked}
          onChange={(requireSingleSignOn) =>
            onSave(
              { requireSingleSignOn, breakGlass },
              requireSingleSignOn ? 'Single sign-on is demanded now' : 'Single sign-on is no longer demanded',
            )
          }
        />
        <p className="soft">
          Members whose e-mail domain an identity provider speaks for sign in there, and neither with a password nor
          with a passkey.
        </p>
        <Field label="Admins who get in nevertheless" hint="For when the identity provider is away.">
          {({ id }) => (
            <MultiPicker id={id} choices={admins} values={glass} onChange={setGlass} placeholder="Choose admins" />
          )}
        </Field>
        {isChanged && security.requireSingleSignOn && (
          <div>
            <Button kind="primary" disabled={locked} onClick={() => onSave({ breakGlass }, 'They get in from now on')}>
              Save
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Limits({ security, locked, onSave }: PartProps) {
  const [idle, setIdle] = useState(security.idleMinutes?.toString() ?? '');
  const [hours, setHours] = useState(security.sessionHours?.toString() ?? '');
  const numberIn = (text: string) => (text.trim() === '' ? null : Number(text));
  const changes = { idleMinutes: numberIn(idle), sessionHours: numberIn(hours) };
  const isChanged = changes.idleMinutes !== security.idleMinutes || changes.sessionHours !== security.sessionHours;
  return (
    <Card>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSave(changes, 'The limits are saved');
        }}
      >
        <Field label="Minutes without use" hint="After which a sign-in ends; empty: no such limit.">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={5}
              max={43_200}
              disabled={locked}
              value={idle}
              onChange={(event) => setIdle(event.target.value)}
            />
          )}
        </Field>
        <Field label="Hours in all" hint="After which a sign-in ends however it is used; empty: as the hub is set up.">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={8760}
              disabled={locked}
              value={hours}
              onChange={(event) => setHours(event.target.value)}
            />
          )}
        </Field>
        {isChanged && (
          <div>
            <Button type="submit" kind="primary" disabled={locked}>
              Save limits
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}
