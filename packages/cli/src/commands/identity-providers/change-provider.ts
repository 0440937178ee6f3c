import type { InputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { readSecret } from '../../terminal/read-secret.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { findRole } from '../roles/find-role.ts';
import { findProvider, type Provider } from './find-provider.ts';

interface ProviderOptions {
  readonly name?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly secretStdin?: boolean;
  readonly domain?: readonly string[];
  readonly scope?: readonly string[];
  readonly createMembers?: boolean;
  readonly linkMembers?: boolean;
  readonly trustEmails?: boolean;
  readonly trustSecondFactor?: boolean;
  readonly letClientsIn?: boolean;
  readonly groupsClaim?: string;
  readonly role?: string;
  readonly groupTeam?: readonly string[];
  readonly groupRole?: readonly string[];
  readonly enabled?: boolean;
}

export function addProviderCommand(host: Host): Command {
  const command = shared(new Command('add'))
    .description('Add an identity provider (OpenID Connect)')
    .argument('<name>', 'on the button of the sign-in page')
    .requiredOption('--issuer <url>', 'its address, as it writes it itself')
    .requiredOption('--client-id <id>', 'what this hub is called there')
    .action(action(host, addProvider));
  return addExamples(command, {
    command:
      'mcpvault identity-providers add Okta --issuer https://acme.okta.com --client-id 0oa1 --secret-stdin --domain acme.com < secret.txt',
    does: 'Let everybody of acme.com sign in who is a member',
  });
}

export function updateProviderCommand(host: Host): Command {
  return shared(new Command('update'))
    .description('Change an identity provider; it holds for the next sign-in')
    .argument('<provider>', 'its name or id')
    .option('--name <name>', 'on the button of the sign-in page')
    .option('--issuer <url>', 'its address, as it writes it itself')
    .option('--client-id <id>', 'what this hub is called there')
    .option('--enabled', 'let members sign in with it')
    .option('--no-enabled', 'let nobody sign in with it')
    .action(action(host, updateProvider));
}

function shared(command: Command): Command {
  return command
    .option('--secret-stdin', 'read the client secret from standard input')
    .option('--domain <domain...>', 'e-mail domains it speaks for')
    .option('--scope <scope...>', 'what is asked for besides openid')
    .option('--create-members', 'newcomers with an address of the domains become members')
    .option('--no-create-members', 'newcomers have to be invited')
    .option('--link-members', 'members with an address of the domains are linked by it')
    .option('--no-link-members', 'members are linked by invitation only')
    .option('--trust-emails', 'addresses count as verified; only where nobody chooses their own')
    .option('--no-trust-emails', 'addresses count where they are called verified')
    .option('--trust-second-factor', 'it always asks for a second factor')
    .option('--no-trust-second-factor', 'a second factor counts where it says so')
    .option('--let-clients-in', 'it may let AI clients in for its people, without their being asked')
    .option('--no-let-clients-in', 'members are asked about each AI client')
    .option('--groups-claim <claim>', 'where the groups stand')
    .option('--role <role>', 'of newcomers, and of those whom no group gives another')
    .option('--group-team <group=team...>', 'groups and the team each gives, instead of those before')
    .option('--group-role <group=role...>', 'groups and the role each gives, instead of those before');
}

type Draft = InputOf<Operations['createIdentityProvider']>;

async function addProvider(run: Invocation, name: string, options: ProviderOptions): Promise<void> {
  const { issuer, clientId } = options;
  if (issuer === undefined || clientId === undefined) throw usageFailure('Give --issuer and --client-id.');
  const secret = options.secretStdin ? { clientSecret: await readSecret(run.io) } : {};
  const hub = await run.connect();
  const draft = { name, issuer, clientId, ...secret, ...(await rulesOf(hub, options)) };
  const made = await hub.call('createIdentityProvider', draft);
  run.out.result(made, () =>
    [
      `Added ${made.name} (${made.id}). Register with it:`,
      `  redirect URI             ${made.redirectUri}`,
      `  back-channel logout URI  ${made.logoutUri}`,
      `Then: mcpvault identity-providers test ${JSON.stringify(made.name)}`,
    ].join('\n'),
  );
}

async function updateProvider(run: Invocation, given: string, options: ProviderOptions): Promise<void> {
  const secret = options.secretStdin ? { clientSecret: await readSecret(run.io) } : {};
  const hub = await run.connect();
  const before = await findProvider(hub, given);
  const draft: Draft = {
    ...asBefore(before),
    ...(options.name !== undefined && { name: options.name }),
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.clientId !== undefined && { clientId: options.clientId }),
    ...(options.enabled !== undefined && { enabled: options.enabled }),
    ...secret,
    ...(await rulesOf(hub, options)),
  };
  const changed = await hub.call('updateIdentityProvider', { id: before.id, ...draft });
  run.out.result(changed, () => `Changed ${changed.name}.`);
}

function asBefore(before: Provider): Draft {
  const { name, issuer, clientId, enabled, domains, scopes, groupsClaim, role, mappings, ...others } = before;
  const { createMembers, linkMembers, trustEmails, trustSecondFactor, letsClientsIn } = others;
  return {
    ...{ name, issuer, clientId, enabled, domains, scopes, groupsClaim, role, mappings },
    ...{ createMembers, linkMembers, trustEmails, trustSecondFactor, letsClientsIn },
  };
}

async function rulesOf(hub: HubConnection, options: ProviderOptions): Promise<Partial<Draft>> {
  const { domain, scope, createMembers, linkMembers, trustEmails, trustSecondFactor, groupsClaim, role } = options;
  return {
    ...(domain !== undefined && { domains: [...domain] }),
    ...(scope !== undefined && { scopes: [...scope] }),
    ...(createMembers !== undefined && { createMembers }),
    ...(linkMembers !== undefined && { linkMembers }),
    ...(trustEmails !== undefined && { trustEmails }),
    ...(trustSecondFactor !== undefined && { trustSecondFactor }),
    ...(options.letClientsIn !== undefined && { letsClientsIn: options.letClientsIn }),
    ...(groupsClaim !== undefined && { groupsClaim }),
    ...(role !== undefined && { role: (await findRole(hub, role)).id }),
    ...((options.groupTeam ?? options.groupRole) && { mappings: await mappingsOf(hub, options) }),
  };
}

async function mappingsOf(hub: HubConnection, { groupTeam = [], groupRole = [] }: ProviderOptions) {
  const mappings: NonNullable<Draft['mappings']> = [];
  const teams =
    groupTeam.length === 0 ? [] : await allPages((cursor) => hub.call('listTeams', { limit: pageSize, cursor }));
  for (const pair of groupTeam) {
    const [group, given] = halves(pair);
    const team = teams.find(({ id, name }) => id === given || name.toLowerCase() === given.toLowerCase());
    if (team === undefined) throw usageFailure(`There is no team "${given}".`);
    mappings.push({ group, team: team.id });
  }
  for (const pair of groupRole) {
    const [group, given] = halves(pair);
    mappings.push({ group, role: (await findRole(hub, given)).id });
  }
  return mappings;
}

/** Groups may hold an equals sign, names of teams and roles hardly do. */
function halves(pair: string): readonly [string, string] {
  const at = pair.lastIndexOf('=');
  if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
  throw usageFailure(`"${pair}" is no pair such as engineers=Engineering.`);
}
