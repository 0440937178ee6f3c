// Links that work once: to set up the hub, to accept an invitation, to choose a new password. The secret stands after the
// #, which browsers keep to themselves, so that it reaches no log and no server on the way.
import type { Random } from '@mcpvault/domain/ambient';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { LinkPurpose, LinksStore } from '@mcpvault/store/links-store';
import { hashOf, makeCredential } from './credential.ts';

const hour = 3_600_000;

/** How long each kind is good for, in milliseconds. */
const lifetimes: Readonly<Record<LinkPurpose, number>> = { setup: 24 * hour, invite: 168 * hour, reset: 24 * hour };

export interface MadeLink {
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface LinkOrder {
  readonly purpose: LinkPurpose;
  /** null for a setup link. */
  readonly owner: { readonly organization: OrganizationId; readonly member: MemberId } | null;
  /** How browsers reach the hub. */
  readonly url: string;
  readonly now: number;
  readonly random: Random;
}

export async function makeLink(links: LinksStore, { purpose, owner, url, now, random }: LinkOrder): Promise<MadeLink> {
  const secret = makeCredential('link', random);
  const expiresAt = now + lifetimes[purpose];
  await links.create({
    hash: hashOf(secret),
    organization: owner?.organization ?? null,
    member: owner?.member ?? null,
    purpose,
    createdAt: now,
    expiresAt,
  });
  return { url: `${url}/${purpose === 'setup' ? 'setup' : 'welcome'}#link=${secret}`, expiresAt };
}
