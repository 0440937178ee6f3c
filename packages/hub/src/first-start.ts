// What the first start makes: an organization, its first admin, a token to begin with, and the example. Each step is
// skipped when it was done before, so that a start that was cut off is finished by the next one.
import type { Ambient } from '@mcpvault/domain/ambient';
import { completeRules } from '@mcpvault/domain/catalog/process-rules';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Keyring } from '@mcpvault/store/keyring';
import type { Stores } from '@mcpvault/store/stores';
import { hashOf, makeCredential, shownPrefix } from './auth/credential.ts';
import { makeLink } from './auth/one-time-link.ts';
import type { Passwords } from './auth/password.ts';
import { newVersion } from './catalog/server-version.ts';
import { type ExampleServer, examplePolicy } from './example.ts';
import { readSetup, type SetupState, writeSetup } from './setup-state.ts';

export interface FirstStartDeps {
  readonly stores: Stores;
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  readonly keyring: Keyring;
  readonly passwords: Passwords;
  readonly ambient: Ambient;
  readonly organizationName: string;
  readonly admin: { readonly email: string | null; readonly password: string | null; readonly name: string };
  /** null: no example is wanted. */
  example(): Promise<readonly ExampleServer[]> | null;
  /** How browsers reach the hub. */
  readonly url: string;
}

export interface FirstStart {
  /** null when somebody can sign in already. */
  readonly setupLink: string | null;
  /** The first token's value, at the first start only. */
  readonly token: string | null;
}

const shortestPassword = 12;

export async function prepareFirstStart(deps: FirstStartDeps): Promise<FirstStart> {
  demandWholeAdmin(deps.admin);
  const { stores } = deps;
  const organization = await firstOrganization(deps);
  for (const { id } of await stores.organizations.all()) await deps.keyring.ensure(id);
  const before = await readSetup(stores.settings);
  const token = before === null ? await makeFirstMember(deps, organization) : null;
  const setup = await readSetup(stores.settings);
  if (setup === null) throw new Error('the first member was made and is not there');
  return { setupLink: await openSetup(deps, setup), token };
}

function demandWholeAdmin({ email, password }: FirstStartDeps['admin']): void {
  if ((email === null) !== (password === null)) {
    throw new Failure(
      'invalid_params',
      'MCPVAULT_ADMIN_EMAIL and MCPVAULT_ADMIN_PASSWORD (or _FILE) belong together: give both, or neither to get a setup link.',
    );
  }
  if (password !== null && password.length < shortestPassword) {
    throw new Failure(
      'invalid_params',
      `MCPVAULT_ADMIN_PASSWORD is too short: use at least ${shortestPassword} characters.`,
    );
  }
}

/** On its own, because its data key is made outside the transaction of the rest. */
async function firstOrganization({ stores, ambient, organizationName }: FirstStartDeps): Promise<OrganizationId> {
  const [known] = await stores.organizations.all();
  if (known !== undefined) return known.id;
  const id = ambient.ids.next('org');
  await stores.organizations.create({ id, name: organizationName, createdAt: ambient.clock.now(), runsHub: true });
  return id;
}

/** Answers the value of the token made for the first member. */
async function makeFirstMember(deps: FirstStartDeps, organization: OrganizationId): Promise<string> {
  const { ambient, admin, passwords } = deps;
  const passwordHash = admin.password === null ? null : await passwords.hash(admin.password);
  const servers = (await deps.example()) ?? [];
  const now = ambient.clock.now();
  return deps.transaction(async (stores) => {
    const member = ambient.ids.next('mem');
    const { email, name } =
      admin.email === null ? { email: 'admin@localhost', name: 'Admin' } : { ...admin, email: admin.email };
    await stores.members.create({ id: member, organization, email, name, role: 'admin', passwordHash, createdAt: now });
    const token = await makeToken(deps, stores, organization, member, now);
    for (const server of servers) await addExampleServer(deps, stores, organization, server, now);
    if (servers.length > 0) await addExamplePolicy(deps, stores, organization, now);
    await writeSetup(stores.settings, { organization, member, completed: passwordHash !== null }, now);
    await audit(deps, stores, organization, 'hub.first-start', { example: servers.length > 0 }, now);
    return token;
  });
}

async function makeToken(
  { ambient }: FirstStartDeps,
  stores: Stores,
  organization: OrganizationId,
  member: MemberId,
  now: number,
) {
  const token = makeCredential('token', ambient.random);
  await stores.tokens.create({
    id: ambient.ids.next('tok'),
    organization,
    member,
    name: 'First client',
    prefix: shownPrefix(token),
    hash: hashOf(token),
    createdAt: now,
    expiresAt: null,
  });
  return token;
}

async function addExampleServer(
  { ambient, keyring }: FirstStartDeps,
  stores: Stores,
  organization: OrganizationId,
  { name, transport, isolation, processes }: ExampleServer,
  now: number,
): Promise<void> {
  const id = ambient.ids.next('srv');
  const version = newVersion({
    ...{ ambient, sealer: keyring, organization, now },
    ...{ transport, isolation, processes: completeRules(processes ?? {}), by: null },
  });
  await stores.servers.create({ id, organization, name, enabled: true, createdBy: null, createdAt: now }, version);
}

async function addExamplePolicy(
  { ambient }: FirstStartDeps,
  stores: Stores,
  organization: OrganizationId,
  now: number,
) {
  const id = ambient.ids.next('pol');
  await stores.policies.create({
    ...examplePolicy,
    id,
    version: 1,
    organization,
    createdBy: null,
    createdAt: now,
    updatedAt: now,
  });
}

/** A fresh link at each start until somebody can sign in; an admin given by settings needs none. */
async function openSetup(deps: FirstStartDeps, setup: SetupState): Promise<string | null> {
  const { stores, admin, ambient } = deps;
  if (setup.completed) return null;
  const now = ambient.clock.now();
  if (admin.email !== null && admin.password !== null) {
    await completeUnattended(deps, setup, { email: admin.email, name: admin.name, password: admin.password }, now);
    return null;
  }
  await stores.links.revokeSetup();
  const order = { purpose: 'setup', owner: null, url: deps.url, now, random: ambient.random } as const;
  return (await makeLink(stores.links, order)).url;
}

async function completeUnattended(
  deps: FirstStartDeps,
  setup: SetupState,
  admin: { readonly email: string; readonly name: string; readonly password: string },
  now: number,
): Promise<void> {
  const { organization, member } = setup;
  const passwordHash = await deps.passwords.hash(admin.password);
  await deps.transaction(async (stores) => {
    await stores.members.update(organization, member, { email: admin.email, name: admin.name });
    await stores.members.setPassword(organization, member, passwordHash);
    await stores.links.revokeSetup();
    await writeSetup(stores.settings, { ...setup, completed: true }, now);
    await audit(deps, stores, organization, 'hub.set-up-unattended', {}, now);
  });
}

async function audit(
  { ambient }: FirstStartDeps,
  stores: Stores,
  organization: OrganizationId,
  action: string,
  detail: Readonly<Record<string, unknown>>,
  at: number,
): Promise<void> {
  const id = ambient.ids.next('aud');
  await stores.audit.append({ id, organization, at, actor: 'system', action, subject: null, outcome: 'done', detail });
}
