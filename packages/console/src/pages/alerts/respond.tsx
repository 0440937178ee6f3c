// What an admin does at once about whom or what an alert is about: suspend the member, or shut the tool away, for an hour.
import { Ban } from 'lucide-react';
import { useWrite } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { OpenAlert } from './alert-detail.tsx';

const minutes = 60;

export function Respond({ alert: { title, member, server, tool } }: { readonly alert: OpenAlert }) {
  const mayWrite = useMay()('policies:write');
  const me = useMe();
  const create = useWrite('createQuarantine');
  const lift = useWrite('liftQuarantine');
  const run = (given: Parameters<typeof create.mutate>[0], what: string) =>
    create.mutate(given, {
      onSuccess: ({ id }) => {
        const undo = () =>
          lift.mutate({ id }, { onError: (error) => warn('This could not be lifted', sentenceOf(error)) });
        say(`${what} for an hour`, { undo });
      },
      onError: (error) => warn('This could not be done', sentenceOf(error)),
    });
  const reason = `After the alert: ${title}`.slice(0, 1000);
  const actions = [
    member !== null &&
      member.id !== me?.member.id && {
        label: `Suspend ${member.name || member.email} for an hour`,
        danger: true,
        onSelect: () =>
          run({ what: 'member', member: member.id, minutes, reason }, `${member.name || member.email} is suspended`),
      },
    server !== null &&
      tool !== null && {
        label: `Shut ${tool} on ${server.name} away for an hour`,
        danger: true,
        onSelect: () => run({ what: 'tool', server: server.id, tool, minutes, reason }, `${tool} is shut away`),
      },
  ].filter((action) => action !== false);
  if (!mayWrite || actions.length === 0) return null;
  return (
    <Menu
      trigger={
        <Button size="small" icon={Ban} busy={create.isPending}>
          Respond
        </Button>
      }
      actions={actions}
    />
  );
}
