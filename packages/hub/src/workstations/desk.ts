// Who a workstation is: enrolling, renewing its credential, and knowing it by its access token. Only hashes are kept. A
// credential has two halves: the first stays the same from one enrolment to the next and says whose it is, the second is new
// after each use. A second half that was used before is in two hands, so it ends the workstation's access.
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { EnrolmentKeyId, MemberId, OrganizationId, WorkstationId } from '@mcpvault/domain/ids';
import type { Answers, Asks } from '@mcpvault/protocol/hub-link/link';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import { isActive, type Member } from '@mcpvault/store/members-store';
import { type Stores, transaction } from '@mcpvault/store/stores';
import type { KnownWorkstation } from '@mcpvault/store/workstations/workstations-store';
import { credentialPrefixes, hashOf, kindOf, makeCredential } from '../auth/credential.ts';
import type { IdentityCache } from '../auth/identity-cache.ts';
import type { Change, Changes } from '../changes.ts';
import type { Bundles } from './bundles.ts';
import { readWorkstationSettings } from './workstation-settings.ts';

export interface Visit {
  readonly credential: string | null;
  /** As the hub sees it. */
  readonly address: string;
  readonly requestId: string;
}

export interface KnownVisit extends Visit {
  readonly workstation: KnownWorkstation;
  readonly member: Member;
}

export interface Desk {
  enrol(asked: Asks<'enrol'>, visit: Visit): Promise<Answers<'enrol'>>;
  refresh(asked: Asks<'refresh'>, visit: Visit): Promise<Answers<'refresh'>>;
  /** Throws `unauthenticated` for what is unknown or over, `forbidden` for whom an admin shut out. */
  known(visit: Visit): Promise<KnownVisit>;
  leave(visit: KnownVisit): Promise<void>;
}

export interface DeskDeps {
  readonly database: Database;
  readonly stores: Stores;
  readonly identities: Pick<IdentityCache, 'identity'>;
  readonly bundles: Pick<Bundles, 'keys'>;
  readonly changes: Changes;
  readonly ambient: Ambient;
}

/** Of an access token, in milliseconds. */
const accessFor = 15 * 60_000;
const workstationsAtMost = 50;

interface Owner {
  readonly organization: OrganizationId;
  readonly member: Member;
  readonly key: { readonly id: EnrolmentKeyId; readonly name: string } | null;
}

export function createDesk(deps: DeskDeps): Desk {
  const { database, stores, identities, bundles, changes, ambient } = deps;
  const { clock, ids, random } = ambient;

  /** In one transaction with its audit entry; told to all who hold a copy when it is done. */
  async function write<Result>(
    work: (stores: Stores, say: (change: Change) => void) => Promise<Result>,
  ): Promise<Result> {
    const changed: Change[] = [];
    const result = await transaction(database, async (own) => {
      const done = await work(own, (change) => changed.push(change));
      if (changed.length > 0) await announce(own.executor, changes.announcement(changed));
      return done;
    });
    await changes.publish(changed);
    return result;
  }

  function note(
    own: Stores,
    organization: OrganizationId,
    action: string,
    by: string,
    subject: WorkstationId,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const about = { id: ids.next('aud'), organization, at: clock.now(), actor: by };
    return own.audit.append({ ...about, action, subject, outcome: 'done', detail });
  }

  async function signedIn(credential: string): Promise<Owner> {
    const identity = await identities.identity(credential);
    if (identity === null) throw unknownCredential('Sign in again, then enrol.');
    const { caller, signIn, mustEnrol } = identity;
    if (signIn === null) {
      throw new Failure('forbidden', 'A workstation is enrolled by its member in person.', {
        fix: 'Sign in, or use an enrolment key.',
      });
    }
    if (mustEnrol) {
      throw new Failure('forbidden', 'Your organization demands a second factor, and you have none yet.', {
        fix: 'Set up an authenticator on your account page.',
      });
    }
    const member = await stores.members.byId(caller.organization, caller.member);
    if (member === null) throw unknownCredential('Sign in again, then enrol.');
    return { organization: caller.organization, member, key: null };
  }

  async function withKey(own: Stores, credential: string, email: string | undefined): Promise<Owner> {
    const key = await own.enrolmentKeys.use(hashOf(credential), clock.now());
    if (key === null) {
      throw new Failure('unauthenticated', 'This enrolment key is unknown, used up, expired or revoked.', {
        fix: 'Ask your admin for another one.',
      });
    }
    const member = await memberFor(own, key.organization, key.member, email);
    if (member === null || member.kind !== 'person' || !isActive(member, clock.now())) {
      throw new Failure('not_found', 'There is no such member who could have a workstation.', {
        fix: 'Name the member by the e-mail address that your organization knows.',
      });
    }
    return { organization: key.organization, member, key };
  }

  async function memberFor(own: Stores, organization: OrganizationId, id: MemberId | null, email: string | undefined) {
    if (id !== null) return own.members.byId(organization, id);
    if (email === undefined) {
      throw new Failure('invalid_params', 'This enrolment key names no member.', {
        fix: 'Name the member whose workstation it is by e-mail address.',
      });
    }
    const found = (await own.members.byEmail(email))?.member ?? null;
    return found?.organization === organization ? found : null;
  }

  function nextCredentials(family: string, before: string | null) {
    const credential = family + makeCredential('workstation', random).slice(credentialPrefixes.workstation.length);
    const accessToken = makeCredential('workstationAccess', random);
    return {
      answer: { credential, accessToken, accessFor },
      kept: {
        family: hashOf(family),
        credential: hashOf(credential),
        credentialBefore: before === null ? null : hashOf(before),
        access: hashOf(accessToken),
        accessUntil: clock.now() + accessFor,
      },
    };
  }

  return {
    async enrol({ about, member: email }, { credential, address }) {
      const kind = credential === null ? null : kindOf(credential);
      if (credential === null || (kind !== 'access' && kind !== 'enrolment')) {
        throw unknownCredential('Sign in, or use an enrolment key.');
      }
      const person = kind === 'access' ? await signedIn(credential) : null;
      const { id, owner, answer } = await write(async (own, say) => {
        const owner = person ?? (await withKey(own, credential, email));
        await demandRoom(own, owner, about.machine);
        const id = await own.workstations.enrol({
          ...{ id: ids.next('wst'), organization: owner.organization, member: owner.member.id, about },
          ...{ observedAddress: address, at: clock.now(), with: owner.key?.id ?? null },
        });
        const { answer, kept } = nextCredentials(makeCredential('workstation', random), null);
        await own.workstations.setCredentials(id, kept);
        const with_ = owner.key === null ? 'sign-in' : owner.key.id;
        await note(own, owner.organization, 'workstations.enrol', owner.key?.id ?? owner.member.id, id, {
          ...{ name: about.name, member: owner.member.id, with: with_, platform: about.platform, from: address },
        });
        say({ organization: owner.organization, area: 'workstations', id });
        return { id, owner, answer };
      });
      const { pollSeconds } = await readWorkstationSettings(stores.settings, owner.organization);
      const organization = (await stores.organizations.byId(owner.organization)) ?? { name: '' };
      return {
        ...answer,
        workstation: id,
        organization: { id: owner.organization, name: organization.name },
        member: { id: owner.member.id, email: owner.member.email },
        keys: [...(await bundles.keys())],
        pollSeconds,
        now: clock.now(),
      };
    },

    async refresh({ credential }, { address }) {
      if (kindOf(credential) !== 'workstation' || credential.length !== credentialLength) throw over();
      const family = credential.slice(0, familyLength);
      const hash = hashOf(credential);
      const answer = await write(async (own, say) => {
        const workstation = await own.workstations.byFamily(hashOf(family));
        if (workstation === null) return null;
        await demandActive(own, workstation);
        const isCurrent = workstation.credential?.equals(hash) === true;
        const wasLost = workstation.credentialBefore?.equals(hash) === true && !workstation.credentialUsed;
        if (isCurrent || wasLost) {
          const { answer, kept } = nextCredentials(family, credential);
          await own.workstations.setCredentials(workstation.id, kept);
          return answer;
        }
        const why = 'A credential that was replaced before was used again: somebody else may have it.';
        await own.workstations.setState(workstation.organization, workstation.id, 'revoked', why);
        await note(own, workstation.organization, 'workstations.credential-reused', workstation.id, workstation.id, {
          from: address,
        });
        say({ organization: workstation.organization, area: 'workstations', id: workstation.id });
        return null;
      });
      if (answer === null) throw over();
      return answer;
    },

    async known(visit) {
      const { credential } = visit;
      if (credential === null || kindOf(credential) !== 'workstationAccess') throw unknownCredential(refreshFirst);
      const workstation = await stores.workstations.byAccess(hashOf(credential));
      if (workstation === null || (workstation.accessUntil ?? 0) <= clock.now()) throw unknownCredential(refreshFirst);
      const member = await demandActive(stores, workstation);
      if (!workstation.credentialUsed) await stores.workstations.noteUse(workstation.id);
      return { ...visit, workstation, member };
    },

    async leave({ workstation: { id, organization }, address }) {
      await write(async (own, say) => {
        await own.workstations.setState(organization, id, 'left', null);
        await note(own, organization, 'workstations.leave', id, id, { from: address });
        say({ organization, area: 'workstations', id });
      });
    },
  };

  async function demandActive(own: Stores, { organization, member, state }: KnownWorkstation): Promise<Member> {
    if (state === 'disabled') {
      throw new Failure('forbidden', 'An admin shut this workstation out.', {
        fix: 'Ask an admin of your organization.',
      });
    }
    const person = state === 'active' ? await own.members.byId(organization, member) : null;
    if (person === null || !isActive(person, clock.now())) throw over();
    return person;
  }

  /** An enrolment neither lets in again whom an admin shut out, nor fills the database. */
  async function demandRoom(own: Stores, { organization, member }: Owner, machine: string): Promise<void> {
    const all = await own.workstations.all(organization, member.id);
    const same = all.find(({ about }) => about.machine === machine);
    if (same?.state === 'disabled') {
      throw new Failure('forbidden', 'An admin shut this workstation out.', {
        fix: 'Ask an admin of your organization.',
      });
    }
    if (same === undefined && all.length >= workstationsAtMost) {
      throw new Failure('conflict', `${member.email} has ${workstationsAtMost} workstations already.`, {
        fix: 'Remove those that are gone: mcpvault workstations list.',
      });
    }
  }
}

const refreshFirst = 'Refresh it; where that is refused, enrol again.';
const familyLength = credentialPrefixes.workstation.length + 40;
const credentialLength = familyLength + 40;

function unknownCredential(fix: string): Failure {
  return new Failure('unauthenticated', 'This credential is unknown, expired or revoked.', { fix });
}

function over(): Failure {
  return new Failure('unauthenticated', 'This workstation is not enrolled any more.', { fix: 'Enrol it again.' });
}
