import { useWrite } from '../../api/hub.ts';
import { useConfirm } from '../../parts/confirm.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { Server } from './server-status.tsx';

/** What an admin does with a server, from the list and from its page alike. */
export function useServerActions() {
  const confirm = useConfirm();
  const check = useWrite('checkServer');
  const restart = useWrite('restartServer');
  const update = useWrite('updateServer');
  const remove = useWrite('removeServer', 'grants', 'overview');

  const attempt = async (task: () => Promise<unknown>, failed: string): Promise<boolean> => {
    try {
      await task();
      return true;
    } catch (error) {
      warn(failed, sentenceOf(error));
      return false;
    }
  };

  const setEnabled = async (server: Server, enabled: boolean): Promise<void> => {
    const done = await attempt(
      () => update.mutateAsync({ id: server.id, enabled }),
      `${server.name} could not be ${enabled ? 'enabled' : 'disabled'}`,
    );
    if (!done) return;
    say(`${server.name} is ${enabled ? 'enabled' : 'disabled'}`, { undo: () => void setEnabled(server, !enabled) });
  };

  return {
    check: async (server: Server) => {
      if (await attempt(() => check.mutateAsync({ id: server.id }), `${server.name} could not be checked`)) {
        say(`Checked ${server.name}`);
      }
    },
    restart: async (server: Server) => {
      if (await attempt(() => restart.mutateAsync({ id: server.id }), `${server.name} could not be restarted`)) {
        say(`${server.name} starts anew with its next call`);
      }
    },
    setEnabled,
    /** True when it was retired. */
    retire: async (server: Server): Promise<boolean> => {
      const sure = await confirm({
        title: `Retire ${server.name}?`,
        text: 'Its processes end now, clients lose it at once, and its grants go. What it did stays in the record. This cannot be undone; to pause a server, disable it instead.',
        action: 'Retire server',
        danger: true,
        typed: server.name,
      });
      if (!sure) return false;
      const done = await attempt(() => remove.mutateAsync({ id: server.id }), `${server.name} could not be retired`);
      if (done) say(`${server.name} is retired`);
      return done;
    },
    isBusy: check.isPending || restart.isPending,
  };
}
