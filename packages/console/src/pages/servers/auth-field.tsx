import { Field, FieldGroup, Input, Radio } from '../../parts/field.tsx';
import { type AuthChoice, type AuthDraft, authChoices } from './auth-draft.ts';

interface AuthFieldProps {
  readonly draft: AuthDraft;
  readonly onChange: (draft: AuthDraft) => void;
}

const hints: Readonly<Record<AuthChoice, string>> = {
  none: 'Only the headers above are sent.',
  'per-member': 'Each member signs in with their own account, in a browser.',
  shared: 'An admin signs in once, and everybody uses that account.',
  machine: 'MCPVault signs in as itself, as a client that you registered there.',
};

export function AuthField({ draft, onChange }: AuthFieldProps) {
  const set = (part: Partial<AuthDraft>) => onChange({ ...draft, ...part });
  return (
    <>
      <FieldGroup legend="Sign-in at the server (OAuth)">
        {authChoices.map(({ value, label }) => (
          <Radio
            key={value}
            name="auth"
            label={label}
            hint={hints[value]}
            checked={draft.choice === value}
            onChange={() => set({ choice: value })}
          />
        ))}
      </FieldGroup>
      {draft.choice !== 'none' && (
        <>
          <Field
            label="Client id"
            required={draft.choice === 'machine'}
            hint="Only where MCPVault cannot make itself known there, and you registered it by hand."
          >
            {(control) => (
              <Input
                {...control}
                mono
                value={draft.clientId}
                onChange={(event) => set({ clientId: event.target.value })}
              />
            )}
          </Field>
          {draft.clientId.trim() !== '' && (
            <Field
              label="Client secret"
              hint={draft.hasSecret ? 'Left empty: the stored one stays.' : 'Sealed, and never shown again.'}
            >
              {(control) => (
                <Input
                  {...control}
                  mono
                  type="password"
                  autoComplete="off"
                  value={draft.clientSecret}
                  onChange={(event) => set({ clientSecret: event.target.value })}
                />
              )}
            </Field>
          )}
          <Field label="Scopes" hint="Asked for beside what the server demands; separated by spaces.">
            {(control) => (
              <Input {...control} mono value={draft.scopes} onChange={(event) => set({ scopes: event.target.value })} />
            )}
          </Field>
        </>
      )}
    </>
  );
}
