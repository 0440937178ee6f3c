// What the organization demands of everybody's sign-in.
import { useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Switch } from '../../parts/field.tsx';
import { Section } from '../../parts/page.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';

export function SignInRules() {
  const may = useMay();
  const security = useRead('getSecurity', {}).data;
  const update = useWrite('updateSecurity', 'auth', 'members');
  if (security === undefined) return null;
  const set = (requireSecondFactor: boolean): void =>
    update.mutate(
      { requireSecondFactor },
      {
        onSuccess: () =>
          say(requireSecondFactor ? 'A second factor is demanded now' : 'A second factor is no longer demanded', {
            undo: () => set(!requireSecondFactor),
          }),
        onError: (error) => warn('This could not be changed', sentenceOf(error)),
      },
    );
  return (
    <Section
      title="Signing in"
      text="Whoever has no second factor when one is demanded can set one up, and do nothing else. Tokens keep working."
    >
      <div>
        <Switch
          label="Demand a second factor"
          checked={security.requireSecondFactor}
          disabled={!may('organization:write') || update.isPending}
          onChange={set}
        />
      </div>
    </Section>
  );
}
