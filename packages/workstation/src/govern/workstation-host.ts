// What the gateway asks of its host, answered by a computer that governs itself: one person, one server, the policies of its
// organization and its own. Everything answers from memory; nobody is ever asked over the network.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { type Reach, reachOf } from '@mcpvault/domain/identity/reach';
import type { GatewayHost, Log, RecorderPort, Usable } from '@mcpvault/gateway/ports';
import { type Governing, nothingHidden } from './governing.ts';
import { KnownTools } from './known-tools.ts';
import { OpenReach } from './open-reach.ts';
import type { Quarantines } from './quarantines.ts';

export interface WorkstationHostDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly server: ServerEntry;
  /** As of now. */
  governing(): Governing;
  readonly recorder: RecorderPort;
  readonly quarantines: Quarantines;
  /** For digests and tokens: this computer's alone. */
  readonly key: Uint8Array;
}

/** By which the gateway knows the one caller there is. */
export const soleCredential = 'local';

export function createWorkstationHost(deps: WorkstationHostDeps): GatewayHost {
  const { ambient, log, server, governing, quarantines, key } = deps;
  const tools = new KnownTools();
  let known: { readonly governing: Governing; readonly usable: Usable } | null = null;

  function usable(): Usable {
    const now = governing();
    if (known?.governing !== now) known = { governing: now, usable: { server, reach: reachIn(now, server) } };
    return known.usable;
  }

  const { workstation } = governing();
  return {
    ambient,
    log,
    identity: {
      identify: (credential) => (credential === soleCredential ? governing().caller : null),
      isGone: () => false,
    },
    catalog: { byName: (_caller, name) => (name === server.name ? usable() : null), usable: () => [usable()] },
    limits: { applying: () => null },
    policies: () => governing().policies,
    policing: {
      tool: (_server, name) => tools.named(name),
      teamNames: (caller) => caller.teams.map((team) => governing().teams.get(team) ?? team),
      key: () => key,
      hasQuarantines: () => true,
      quarantined: (about) => governing().closed ?? quarantines.why(about),
      quarantine: (about, wish) => quarantines.begin(about, wish),
      alerted: (_about, { policy, severity, title }) => log.warn({ policy, severity }, title),
      approvals: null,
    },
    ...(workstation !== undefined && { workstation }),
    recorder: {
      accepts: (organization) => deps.recorder.accepts(organization),
      append(draft, request, response, done) {
        if (draft.method === 'tools/list' && response !== null) tools.listed(response);
        deps.recorder.append(draft, request, response, done);
      },
    },
    credentials: {
      of() {
        throw new Error('servers of a workstation want no sign-in');
      },
      heldBy: () => null,
    },
    observed: (_server, { ready, reason }) => {
      if (!ready) log.warn({ reason }, 'the server does not answer');
    },
  };
}

const whole = reachOf(true, []);

function reachIn(governing: Governing, { id }: ServerEntry): Reach {
  if (whole === null) throw new Error('who may use any server reaches this one');
  return governing.hides === nothingHidden ? whole : new OpenReach((tool) => governing.hides(id, tool));
}
