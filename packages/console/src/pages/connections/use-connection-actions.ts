import { useWrite } from '../../api/hub.ts';
import { useConfirm } from '../../parts/confirm.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { Connection } from './connection-state.tsx';

/** Connecting leads away from the console, to the page of the authorization server. */
export function useConnectionActions() {
  const begin = useWrite('beginConnection', 'servers');
  const remove = useWrite('removeConnection', 'servers');
  const confirm = useConfirm();
  return {
    isBusy: begin.isPending || remove.isPending,
    connect({ server }: Pick<Connection, 'server'>) {
      begin.mutate(
        { id: server.id },
        {
          onSuccess: ({ url }) => {
            if (url === null) say(`${server.name} is connected`);
            else window.location.assign(url);
          },
          onError: (error) => warn(`${server.name} could not be connected`, sentenceOf(error)),
        },
      );
    },
    async disconnect({ server, mode }: Connection) {
      const whose = mode === 'shared' ? 'Everybody who uses it' : 'You';
      const sure = await confirm({
        title: `Disconnect ${server.name}?`,
        text: `${whose} will be asked to sign in again. Its tokens are taken back and forgotten.`,
        action: 'Disconnect',
        danger: true,
      });
      if (!sure) return;
      remove.mutate(
        { id: server.id },
        {
          onSuccess: () => say(`${server.name} is disconnected`),
          onError: (error) => warn(`${server.name} could not be disconnected`, sentenceOf(error)),
        },
      );
    },
  };
}
