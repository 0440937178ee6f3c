import { Failure } from '@mcpvault/domain/failure';
import { isSameDefinition, type LocalServer } from './local-servers.ts';
import { isSameLink, type Link, type WorkstationStore } from './workstation-store.ts';

/** Remembers what is planned, before anything is written. Rejects with a `Failure` when somebody adopted at the same moment. */
export async function rememberAdoption(
  store: WorkstationStore,
  links: readonly Link[],
  servers: readonly LocalServer[],
): Promise<void> {
  await store.update(async (state) => {
    const others = state.links.filter((link) => !links.some((each) => isSameLink(each, link)));
    const used = servers.filter(({ name }) => links.some(({ server }) => server.isLocal && server.name === name));
    const isOther = (one: LocalServer): boolean =>
      state.servers.some((each) => each.name === one.name && !isSameDefinition(each, one));
    if (used.some(isOther)) throw new Failure('conflict', 'Something else was adopted at the same moment; try again.');
    const added = used.filter(({ name }) => !state.servers.some((server) => server.name === name));
    return {
      state: { ...state, servers: [...state.servers, ...added], links: [...others, ...links] },
      result: undefined,
    };
  });
}
