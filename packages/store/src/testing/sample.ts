// One organization with a bit of everything in it, for tests that need something to be there.
import { defaultProcessRules } from '@mcpvault/domain/catalog/process-rules';
import { unconditional } from '@mcpvault/domain/identity/access';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import type {
  GrantId,
  MemberId,
  OrganizationId,
  PolicyId,
  ServerId,
  ServerVersionId,
  TeamId,
  TokenId,
} from '@mcpvault/domain/ids';
import type { Stores } from '../stores.ts';
import { testAmbient } from './test-database.ts';

export interface Sample {
  readonly organization: OrganizationId;
  readonly admin: MemberId;
  readonly member: MemberId;
  readonly team: TeamId;
  readonly token: TokenId;
  readonly tokenHash: Buffer;
  readonly server: ServerId;
  readonly version: ServerVersionId;
  readonly grant: GrantId;
  readonly policy: PolicyId;
}

const ambient = testAmbient();

/** `name` tells organizations of one test apart: it is in e-mail addresses, too. */
export async function createSample(stores: Stores, name: string): Promise<Sample> {
  const { ids, random, clock } = ambient;
  const organization = ids.next('org');
  const [admin, member, team, token] = [ids.next('mem'), ids.next('mem'), ids.next('team'), ids.next('tok')];
  const [server, version, grant, policy] = [ids.next('srv'), ids.next('ver'), ids.next('grt'), ids.next('pol')];
  const key = ids.next('key');
  const tokenHash = Buffer.from(random.bytes(32));
  const createdAt = (clock.time += 1000);
  const person = { organization, passwordHash: 'hash', createdAt };
  await stores.organizations.create({ id: organization, name, createdAt });
  await stores.members.create({ ...person, id: admin, email: `admin@${name}.test`, name: 'Ada', role: 'admin' });
  await stores.members.create({ ...person, id: member, email: `mo@${name}.test`, name: 'Mo', role: 'member' });
  await stores.teams.create({ id: team, organization, name: 'Core', createdAt });
  await stores.teams.setMembers(organization, team, [member]);
  await stores.tokens.create({
    id: token,
    organization,
    member,
    name: 'laptop',
    prefix: 'mcpv_ab',
    hash: tokenHash,
    createdAt,
    expiresAt: null,
  });
  await stores.keys.createFirst({ id: key, organization, wrapped: Buffer.from('wrapped'), createdAt });
  await stores.servers.create(
    { id: server, organization, name: 'files', enabled: true, createdBy: admin, createdAt },
    {
      id: version,
      definition: { key, sealed: Buffer.from('sealed') },
      summary: { type: 'stdio', command: 'node', arguments: 2, env: ['TOKEN'] },
      isolation: 'per-session',
      processes: defaultProcessRules,
      createdBy: admin,
      createdAt,
      approvedBy: admin,
      approvedAt: createdAt,
    },
  );
  await stores.servers.replaceTools(organization, server, {
    version,
    listedAt: createdAt,
    tools: [{ name: 'read', definition: { name: 'read', inputSchema: { type: 'object' } } }],
  });
  await stores.grants.create({
    ...unconditional,
    id: grant,
    organization,
    subject: { type: 'team', id: team },
    server,
    tools: ['read'],
    createdBy: admin,
    createdAt,
  });
  await stores.policies.create({
    ...completePolicy({
      id: policy,
      name: 'Secrets',
      reason: 'secrets stay inside',
      detectors: ['secrets'],
      actions: [{ type: 'redact', style: 'label' }],
    }),
    organization,
    createdBy: admin,
    createdAt,
    updatedAt: createdAt,
  });
  await stores.audit.append({
    id: ids.next('aud'),
    organization,
    at: createdAt,
    actor: admin,
    action: 'servers.create',
    subject: server,
    outcome: 'done',
    detail: { name: 'files' },
  });
  await stores.settings.set(organization, 'theme', { dark: true }, createdAt);
  return { organization, admin, member, team, token, tokenHash, server, version, grant, policy };
}

/** How a sign-in began, where that does not matter. */
export const byPassword = { method: 'password', provider: null, providerSession: null, secondFactor: false } as const;
