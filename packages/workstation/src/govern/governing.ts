// What this computer has to follow at one moment, made of the hub's bundle and of the policies of its own. Where it cannot be
// told, nothing local goes on: `closed` says why, for people.
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Permission } from '@mcpvault/domain/identity/permission';
import { builtInRoles, type RoleId } from '@mcpvault/domain/identity/role';
import type { ServerId } from '@mcpvault/domain/ids';
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import { compilePolicies, type PolicySet } from '@mcpvault/domain/policy/compile';
import { layeredPolicies } from '@mcpvault/domain/policy/layered-policies';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { Bundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import { isStricter } from './is-stricter.ts';

export interface Governing {
  readonly caller: Caller;
  /** Id of the workstation; undefined where it belongs to no hub. */
  readonly workstation: string | undefined;
  readonly policies: PolicySet;
  /** Names of the caller's teams, by id. */
  readonly teams: ReadonlyMap<string, string>;
  /** Whether every call of this tool is refused, so that it need not be shown. */
  hides(server: ServerId, tool: string): boolean;
  readonly messages: Bundle['settings']['messages'];
  readonly closed: string | null;
  /** When it has to be asked again, in milliseconds since the epoch; null: not before it changes. */
  readonly endsAt: number | null;
}

export interface GoverningDeps {
  /** null: no hub. */
  readonly bundle: Bundle | null;
  /** Policies of this computer's own. */
  readonly own: readonly Policy[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly scorer: () => InjectionScorer;
}

/** Throws a `Failure` that says which policy cannot be used. */
export function governingBy({ bundle, own, now, scorer }: GoverningDeps): Governing {
  const theirs = (bundle?.policies ?? []).map((policy) => completePolicy(policy as unknown as Policy));
  const mine = allowedOf(own, bundle?.settings.localPolicies ?? 'allowed');
  const all = [...theirs, ...mine];
  return {
    caller: callerOf(bundle),
    workstation: bundle?.workstation,
    policies: layeredPolicies(
      compilePolicies(theirs, 'hub', scorer),
      compilePolicies(mine, 'workstation', scorer),
      scorer,
    ),
    teams: new Map((bundle?.member.teams ?? []).map(({ id, name }) => [id, name])),
    hides: hiding(all),
    messages: bundle?.settings.messages ?? 'originals',
    closed: closedBy(bundle, now),
    endsAt: bundle?.settings.whenExpired === 'refuse' ? bundle.expiresAt : null,
  };
}

/** Those that hold under the hub's setting. */
export function allowedOf(own: readonly Policy[], setting: Bundle['settings']['localPolicies']): readonly Policy[] {
  if (setting === 'forbidden') return [];
  return setting === 'allowed' ? own : own.filter(isStricter);
}

function closedBy(bundle: Bundle | null, now: number): string | null {
  if (bundle === null) return null;
  if (bundle.settings.localServers === 'forbidden') {
    return 'Your organization does not allow servers that this computer runs by itself; ask an admin to add it to the hub.';
  }
  if (bundle.expiresAt > now || bundle.settings.whenExpired === 'keep') return null;
  return 'The policies of your organization have expired on this computer. Connect it to the hub (“mcpvault workstation run”), which sends new ones.';
}

/** What the person at this computer may do is for policies to say: the server is theirs. */
const permissions: ReadonlySet<Permission> = new Set([...builtInRoles.member.permissions, 'servers:use-any']);

function callerOf(bundle: Bundle | null): Caller {
  return {
    organization: bundle?.organization ?? 'org_local',
    member: bundle?.member.id ?? 'mem_local',
    email: bundle?.member.email ?? '',
    role: (bundle?.member.role ?? 'member') as RoleId,
    permissions,
    teams: (bundle?.member.teams ?? []).map(({ id }) => id),
    token: null,
  };
}

/** The answer of computers on which nothing is hidden, so that listings need not be looked through. */
export const nothingHidden: Governing['hides'] = () => false;

/** Policies that refuse every call of the tools that they name, whoever calls, whatever the arguments. */
function hiding(policies: readonly Policy[]): Governing['hides'] {
  const whole = policies.filter(
    ({ mode, percentage, condition, detectors, directions, actions, scope }) =>
      mode === 'enforce' &&
      percentage === 100 &&
      condition === null &&
      detectors.length === 0 &&
      directions.includes('call') &&
      actions.some(({ type }) => type === 'refuse') &&
      scope.tools !== null &&
      [scope.teams, scope.roles, scope.clients, scope.workstations].every((part) => part === null),
  );
  if (whole.length === 0) return nothingHidden;
  return (server, tool) =>
    whole.some(
      ({ scope }) =>
        (scope.servers === null || scope.servers.includes(server)) &&
        scope.tools?.some((name) => (name.endsWith('*') ? tool.startsWith(name.slice(0, -1)) : name === tool)) === true,
    );
}
