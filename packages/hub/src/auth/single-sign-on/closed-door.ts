// Where an organization demands single sign-on, passwords and passkeys of its members are closed: by the domain of their
// e-mail address, so that the answer says nothing of who exists.
import { Failure } from '@mcpvault/domain/failure';
import { domainOf } from '@mcpvault/domain/identity/identity-provider';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Member } from '@mcpvault/store/members-store';
import type { Stores } from '@mcpvault/store/stores';
import { readSecurity } from '../../security-settings.ts';

export interface ClosedDoor {
  readonly organization: OrganizationId;
  /** Who may pass nevertheless. */
  readonly breakGlass: ReadonlySet<MemberId>;
  /** What to sign in with instead. */
  readonly providers: readonly string[];
}

type Read = Pick<Stores, 'identityProviders' | 'settings'>;

/** null where the address may sign in however it likes. */
export async function closedDoor(stores: Read, email: string): Promise<ClosedDoor | null> {
  const domain = domainOf(email.trim());
  if (domain === null) return null;
  const providers = await stores.identityProviders.forDomain(domain);
  const organization = providers[0]?.organization;
  if (organization === undefined) return null;
  const { requireSingleSignOn, breakGlass } = await readSecurity(stores.settings, organization);
  if (!requireSingleSignOn) return null;
  return { organization, breakGlass: new Set(breakGlass), providers: providers.map(({ name }) => name) };
}

/** `member`: whose address it is; null for nobody’s, who are answered like members. */
export function keepsOut(door: ClosedDoor | null, member: Pick<Member, 'id' | 'organization'> | null): boolean {
  if (door === null) return false;
  if (member === null) return true;
  return member.organization === door.organization && !door.breakGlass.has(member.id);
}

export function singleSignOnDemanded({ providers }: ClosedDoor): Failure {
  return new Failure('forbidden', 'Your organization demands single sign-on.', {
    fix: `Sign in with ${providers.join(' or ')}.`,
  });
}

export async function demandOpenDoor(stores: Read, member: Member): Promise<void> {
  const door = await closedDoor(stores, member.email);
  if (door !== null && keepsOut(door, member)) throw singleSignOnDemanded(door);
}
