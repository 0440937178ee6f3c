import { useState } from 'react';
import { type Input as InputOf, useRead, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Checkbox, Field, FieldGroup, Input, Select, Switch } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import { GroupMappings, type Mapping } from './group-mappings.tsx';
import type { Provider } from './identity-providers-page.tsx';
import { wordsIn } from './words-in.ts';

interface EditProviderProps {
  /** null: a new one. */
  readonly provider: Provider | null;
  readonly onClose: () => void;
  readonly onSaved: (provider: Provider) => void;
}

const usual = {
  name: '',
  issuer: '',
  clientId: '',
  enabled: true,
  createMembers: false,
  linkMembers: true,
  trustEmails: false,
  trustSecondFactor: false,
  letsClientsIn: false,
  groupsClaim: 'groups',
  role: 'member' as Provider['role'],
};

export function EditProvider({ provider, onClose, onSaved }: EditProviderProps) {
  const create = useWrite('createIdentityProvider');
  const update = useWrite('updateIdentityProvider');
  const roles = useRead('listRoles', {}).data?.items ?? [];
  const [draft, setDraft] = useState<typeof usual>(provider ?? usual);
  const [domains, setDomains] = useState(provider?.domains.join(' ') ?? '');
  const [scopes, setScopes] = useState((provider?.scopes ?? ['profile', 'email']).join(' '));
  const [secret, setSecret] = useState('');
  const [mappings, setMappings] = useState<readonly Mapping[]>(provider?.mappings ?? []);
  const error = create.error ?? update.error;
  const set = (changes: Partial<typeof usual>) => setDraft((before) => ({ ...before, ...changes }));

  const submit = () => {
    const { name, issuer, clientId, enabled, createMembers, linkMembers, trustEmails, trustSecondFactor } = draft;
    const input: InputOf<'createIdentityProvider'> = {
      ...{ name, issuer: issuer.trim(), clientId, enabled, createMembers, linkMembers, trustEmails, trustSecondFactor },
      letsClientsIn: draft.letsClientsIn,
      groupsClaim: draft.groupsClaim,
      role: draft.role,
      domains: wordsIn(domains),
      scopes: wordsIn(scopes),
      mappings: mappings.filter(({ group }) => group !== ''),
      ...(secret === '' ? {} : { clientSecret: secret }),
    };
    const after = {
      onSuccess: (saved: Provider) => {
        say(`${name} is saved`);
        onClose();
        onSaved(saved);
      },
    };
    if (provider === null) create.mutate(input, after);
    else update.mutate({ ...input, id: provider.id }, after);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={provider === null ? 'Add an identity provider' : provider.name}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="edit-provider" busy={create.isPending || update.isPending}>
            Save and test
          </Button>
        </>
      }
    >
      <form
        id="edit-provider"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error && <Problem error={error} title="The identity provider could not be saved" />}
        <Field label="Name" required hint="On the button of the sign-in page.">
          {(control) => (
            <Input {...control} value={draft.name} onChange={(event) => set({ name: event.target.value })} />
          )}
        </Field>
        <Field label="Issuer" required hint="As the provider writes it, such as https://id.example.com.">
          {(control) => (
            <Input
              {...control}
              mono
              type="url"
              value={draft.issuer}
              onChange={(event) => set({ issuer: event.target.value })}
            />
          )}
        </Field>
        <Field label="Client ID" required>
          {(control) => (
            <Input
              {...control}
              mono
              value={draft.clientId}
              onChange={(event) => set({ clientId: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Client secret"
          hint={provider?.hasSecret ? 'Left empty, it stays as it is.' : 'Kept sealed, and never shown again.'}
        >
          {(control) => (
            <Input
              {...control}
              mono
              type="password"
              autoComplete="new-password"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          )}
        </Field>
        <Field label="E-mail domains" hint="Only verified addresses of these link or create members.">
          {(control) => (
            <Input
              {...control}
              placeholder="example.com"
              value={domains}
              onChange={(event) => setDomains(event.target.value)}
            />
          )}
        </Field>
        <FieldGroup legend="People">
          <Checkbox
            label="Members with an address of these domains are linked by it"
            checked={draft.linkMembers}
            onChange={(event) => set({ linkMembers: event.target.checked })}
          />
          <Checkbox
            label="Newcomers become members"
            hint="Whoever signs in for the first time with an address of these domains."
            checked={draft.createMembers}
            onChange={(event) => set({ createMembers: event.target.checked })}
          />
          <Checkbox
            label="Addresses count as verified"
            hint="Only where nobody can choose their own address, as in a directory that you run."
            checked={draft.trustEmails}
            onChange={(event) => set({ trustEmails: event.target.checked })}
          />
          <Checkbox
            label="It always asks for a second factor"
            hint="Otherwise it counts only where the provider says so (amr or acr)."
            checked={draft.trustSecondFactor}
            onChange={(event) => set({ trustSecondFactor: event.target.checked })}
          />
          <Checkbox
            label="It may let AI clients in"
            hint="For its people, without their being asked: enterprise-managed authorization (ID-JAG)."
            checked={draft.letsClientsIn}
            onChange={(event) => set({ letsClientsIn: event.target.checked })}
          />
        </FieldGroup>
        <Field label="Role" hint="Of newcomers, and of those whom no group gives another.">
          {(control) => (
            <Select
              {...control}
              value={draft.role}
              onChange={(event) => set({ role: event.target.value as Provider['role'] })}
            >
              {roles.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <GroupMappings value={mappings} roles={roles} onChange={setMappings} />
        <details>
          <summary>Scopes and claims</summary>
          <div className="stack">
            <Field label="Scopes" hint="Asked for besides openid.">
              {(control) => (
                <Input {...control} mono value={scopes} onChange={(event) => setScopes(event.target.value)} />
              )}
            </Field>
            <Field label="Claim with the groups" hint="A path such as realm_access.roles will do.">
              {(control) => (
                <Input
                  {...control}
                  mono
                  value={draft.groupsClaim}
                  onChange={(event) => set({ groupsClaim: event.target.value })}
                />
              )}
            </Field>
          </div>
        </details>
        <Switch label="On" checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
      </form>
    </Dialog>
  );
}
