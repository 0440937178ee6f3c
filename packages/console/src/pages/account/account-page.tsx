import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { useWrite } from '../../api/hub.ts';
import { useMe } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Card, Facts, Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { say } from '../../parts/toast.tsx';
import { useSignOut } from '../../shell/member-menu.tsx';
import { setTheme, useTheme } from '../../theme.ts';
import { ConnectionList } from '../connections/connection-list.tsx';
import { ActedList } from './acted-list.tsx';
import { Passkeys } from './passkeys.tsx';
import { ConnectedClients } from './connected-clients.tsx';
import { SignInList } from './sign-in-list.tsx';
import { SecondFactor } from './second-factor.tsx';
import { RoleBadge } from '../members/member-status.tsx';

export function AccountPage() {
  const me = useMe();
  const theme = useTheme();
  const signOut = useSignOut();
  // Before a second factor that is demanded is set up, the hub answers nothing else.
  const isOpen = me !== undefined && (me.secondFactor.isSetUp || !me.secondFactor.isRequired);
  return (
    <Page title="Account" text="You, as this MCPVault knows you.">
      {me ? (
        <Card>
          <Facts
            items={[
              ['Name', me.member.name],
              ['E-mail', me.member.email],
              ['Organization', me.organization.name],
              ['Role', <RoleBadge key="role" member={me.member} />],
              [
                'Teams',
                me.member.teams.length === 0 ? (
                  <span key="teams" className="faint">
                    none
                  </span>
                ) : (
                  <span key="teams" className="row">
                    {me.member.teams.map((team) => (
                      <Badge key={team.id}>{team.name}</Badge>
                    ))}
                  </span>
                ),
              ],
            ]}
          />
        </Card>
      ) : (
        <SkeletonLines count={5} label="Loading your account" />
      )}
      <Section title="Theme" text="Kept in this browser.">
        <div>
          <Segments
            label="Theme"
            value={theme}
            onChange={setTheme}
            options={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
      </Section>
      <SecondFactor />
      <Passkeys />
      {isOpen && (
        <Section title="Password" text="Changing it ends every other sign-in of yours. Tokens keep working.">
          <ChangePassword email={me?.member.email ?? ''} />
        </Section>
      )}
      {isOpen && <ConnectionList />}
      {isOpen && <SignInList />}
      {isOpen && <ConnectedClients />}
      {isOpen && <ActedList />}
      <Section title="This sign-in" text="Ends here and in every tab of this browser; its tokens stop working at once.">
        <div>
          <Button icon={LogOut} onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </Section>
    </Page>
  );
}

function ChangePassword({ email }: { readonly email: string }) {
  const change = useWrite('changePassword');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  return (
    <Card>
      <form
        className="stack"
        style={{ maxWidth: 400 }}
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { current, password },
            {
              onSuccess: () => {
                setCurrent('');
                setPassword('');
                say('The password is changed', { detail: 'Every other sign-in of yours has ended.' });
              },
            },
          );
        }}
      >
        {change.error && <Problem error={change.error} title="The password could not be changed" />}
        {/* For password managers. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field label="Current password" required>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field label="New password" required hint="At least 12 characters.">
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              minLength={12}
              maxLength={200}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <div>
          <Button type="submit" kind="primary" busy={change.isPending}>
            Change password
          </Button>
        </div>
      </form>
    </Card>
  );
}
