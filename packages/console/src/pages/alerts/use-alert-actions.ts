import { useWrite } from '../../api/hub.ts';
import { counted } from '../../format.ts';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { Alert, AlertState } from './alert-search.ts';

export type Verb = 'acknowledge' | 'resolve' | 'dismiss' | 'reopen';

type Change = { readonly state?: AlertState; readonly owner?: 'me' | null };

const changes: Readonly<Record<Verb, { readonly change: Change; readonly done: string }>> = {
  acknowledge: { change: { state: 'acknowledged', owner: 'me' }, done: 'yours now' },
  resolve: { change: { state: 'resolved' }, done: 'resolved' },
  dismiss: { change: { state: 'dismissed' }, done: 'dismissed; the same stays quiet for an hour' },
  reopen: { change: { state: 'open', owner: null }, done: 'open again' },
};

/** Which verbs make sense for what is in this state. */
export const verbsFor: Readonly<Record<AlertState, readonly Verb[]>> = {
  open: ['acknowledge', 'resolve', 'dismiss'],
  acknowledged: ['resolve', 'dismiss', 'reopen'],
  resolved: ['reopen'],
  dismissed: ['reopen'],
};

export function useAlertActions() {
  const write = useWrite('changeAlerts');
  const run = (verb: Verb, alerts: readonly Pick<Alert, 'id' | 'title' | 'state'>[]): void => {
    const fitting = alerts.filter(({ state }) => verbsFor[state].includes(verb));
    if (fitting.length === 0) return;
    const { change, done } = changes[verb];
    const [first] = fitting;
    const what = fitting.length === 1 && first !== undefined ? `“${first.title}”` : counted(fitting.length, 'alert');
    write.mutate(
      { ids: fitting.map(({ id }) => id), ...change },
      {
        onSuccess: ({ unchanged }) => {
          const [stayed] = unchanged;
          if (stayed !== undefined) warn(`${counted(unchanged.length, 'alert')} stayed as before`, stayed.why);
          else if (verb === 'reopen') say(`${what} ${fitting.length === 1 ? 'is' : 'are'} ${done}`);
          else {
            const undo = () =>
              run(
                'reopen',
                fitting.map((alert) => ({ ...alert, state: change.state ?? alert.state })),
              );
            say(`${what} ${fitting.length === 1 ? 'is' : 'are'} ${done}`, { undo });
          }
        },
        onError: (error) => warn('This could not be changed', sentenceOf(error)),
      },
    );
  };
  return { run, isBusy: write.isPending };
}
