// The operations a fake hub answers: enough of each to see that the command asked for the right thing.
import type { OutputOf, ParsedInputOf } from '@mcpvault/contract/operation';
import type { OperationKey, Operations } from '@mcpvault/contract/operations';
import type { FakeDevice } from './fake-device.ts';
import { FakeProblem } from './fake-problem.ts';
import { ada, type FakeServer, type Records, server, then } from './fake-records.ts';
import { fakePassword, type FakeSignIns } from './fake-sign-ins.ts';

export type Handlers = {
  readonly [Key in OperationKey]?: (input: ParsedInputOf<Operations[Key]>) => OutputOf<Operations[Key]>;
};

const roles = (['admin', 'member', 'auditor'] as const).map((id) => ({
  id,
  name: `${id[0]?.toUpperCase()}${id.slice(1)}`,
  description: '',
  builtIn: true,
  permissions: id === 'auditor' ? ['audit:read'] : [],
  members: 1,
}));

const secondFactor = { isSetUp: false, isRequired: false, recoveryCodesLeft: 0, hasAuthenticator: false, passkeys: 0 };
const permissions = ['self', 'servers:read', 'servers:write'];

export function createHandlers(records: Records, signIns: FakeSignIns, device: FakeDevice): Handlers {
  const serverBy = (given: string): FakeServer => {
    const found = records.servers.find(({ id, name }) => id === given || name === given);
    if (found === undefined) throw new FakeProblem(404, 'not_found', `There is no server ${given}.`);
    return found;
  };
  const put = (changed: FakeServer): FakeServer => {
    records.servers.splice(records.servers.indexOf(serverBy(changed.id)), 1, changed);
    return changed;
  };
  return {
    login: ({ email, password }) => signIns.login(email, password),
    refresh: ({ refreshToken }) => signIns.refresh(refreshToken),
    exchangeSignIn: ({ token }) => {
      if (token !== device.token) throw new FakeProblem(401, 'unauthenticated', 'This token is none for signing in.');
      return signIns.login(ada.email, fakePassword);
    },
    logout: () => signIns.logout(),
    me: () => ({
      member: ada,
      organization: { id: 'org_x', name: 'Example', runsHub: true },
      permissions,
      secondFactor,
      signIn: null,
      actedBy: null,
      impersonations: [],
    }),
    listMembers: ({ q = '', ...paging }) =>
      paged(
        records.members.filter(({ email, name }) => `${email} ${name.toLowerCase()}`.includes(q)),
        paging,
      ),
    createMember: ({ email, name, role }) => {
      const member = { ...ada, id: 'mem_new' as const, email, name, role, status: 'invited' as const };
      records.members.push(member);
      return { ...member, invitation: { url: 'http://hub.invalid/invite#link=once', expiresAt: then } };
    },
    updateMember: ({ id, disabled }) => {
      const at = records.members.findIndex((member) => member.id === id);
      const changed = {
        ...(records.members[at] ?? ada),
        status: disabled ? ('disabled' as const) : ('active' as const),
      };
      records.members[at] = changed;
      return changed;
    },
    listRoles: () => ({ items: [...roles], next: null }),
    listTeams: (paging) => {
      const team = { id: 'team_math' as const, name: 'Mathematics', parent: null, members: [], leads: [] };
      return paged([{ ...team, provisioned: false }], paging);
    },
    listServers: ({ q = '', ...paging }) =>
      paged(
        records.servers.filter(({ name }) => name.includes(q)),
        paging,
      ),
    getServer: ({ id }) => {
      const found = serverBy(id);
      // First contact takes until the next look.
      if (found.status === 'connecting') put({ ...found, ...settled(found) });
      return found;
    },
    createServer: ({ name, transport, isolation }) => {
      if (records.servers.some((each) => each.name === name)) {
        throw new FakeProblem(409, 'conflict', `A server is called ${name} already.`, { fix: 'Choose another name.' });
      }
      const shown =
        transport.type === 'stdio'
          ? { ...transport, env: Object.keys(transport.env) }
          : {
              type: transport.type,
              url: transport.url,
              headers: Object.keys(transport.headers),
              ...(transport.era !== undefined && { era: transport.era }),
            };
      const added = server(name, { status: 'connecting', transport: shown, isolation });
      records.servers.push(added);
      return added;
    },
    removeServer: ({ id }) => {
      records.servers.splice(records.servers.indexOf(serverBy(id)), 1);
      return undefined;
    },
    listServerTools: ({ id, ...paging }) => {
      serverBy(id);
      return paged(records.tools, paging);
    },
    checkServer: ({ id }) => put({ ...serverBy(id), status: 'ready', reason: null, fix: null }),
    restartServer: ({ id }) => serverBy(id),
    serverLogs: ({ id }) => ({
      items: [{ at: then, process: '1', text: `${serverBy(id).name} says \u001b[31mhello` }],
      next: null,
    }),
    listTokens: (paging) => paged(records.tokens, paging),
    createToken: ({ name, expiresAt = null }) => {
      const token = {
        id: `tok_${records.tokens.length}` as const,
        name,
        prefix: 'mcpv_abc',
        member: { id: ada.id, email: ada.email },
        createdAt: then,
        expiresAt,
        lastUsedAt: null,
        revokedAt: null,
        scope: null,
        replacedBy: null,
      };
      records.tokens.push(token);
      return { ...token, token: 'mcpv_abcSECRET' };
    },
    revokeToken: ({ id }) => {
      const at = records.tokens.findIndex((token) => token.id === id);
      if (at < 0) throw new FakeProblem(404, 'not_found', 'There is no such token.');
      records.tokens.splice(at, 1);
      return undefined;
    },
    listLimits: () => ({ items: records.limits, next: null }),
    createLimit: ({ name, subject, server, tools, calls, per, burst, enabled }) => {
      const limit = {
        id: `lim_${records.limits.length}` as const,
        name,
        subject: { ...subject, label: subject.id },
        server: server == null ? null : { id: serverBy(server).id, name: serverBy(server).name },
        tools: tools ?? null,
        calls,
        per,
        burst: per === 'day' || per === 'month' ? null : (burst ?? calls),
        enabled,
        use: [],
        createdAt: then,
      };
      records.limits.push(limit);
      return limit;
    },
    updateLimit: ({ id, ...change }) => {
      const at = records.limits.findIndex((limit) => limit.id === id);
      const before = records.limits[at];
      if (before === undefined) throw new FakeProblem(404, 'not_found', 'There is no such limit.');
      const { name = before.name, calls = before.calls, burst = before.burst, enabled = before.enabled } = change;
      const after = { ...before, name, calls, burst, enabled };
      records.limits[at] = after;
      return after;
    },
    removeLimit: ({ id }) => {
      records.limits.splice(
        records.limits.findIndex((limit) => limit.id === id),
        1,
      );
      return undefined;
    },
    listGrants: (paging) => paged(records.grants, paging),
    createGrant: ({ subject, server: given, ...asked }) => {
      const { id, name } = serverBy(given);
      const label = records.members.find((member) => member.id === subject.id)?.name ?? subject.id;
      const grant = {
        id: `grt_${records.grants.length}` as const,
        effect: asked.effect,
        subject: { ...subject, label },
        server: { id, name },
        tools: asked.tools ?? null,
        prompts: asked.prompts ?? null,
        resources: asked.resources ?? null,
        condition: asked.condition ?? null,
        reason: asked.reason ?? null,
        expiresAt: asked.expiresAt ?? null,
        createdAt: then,
      };
      records.grants.push(grant);
      return grant;
    },
    removeGrant: ({ id }) => {
      records.grants.splice(
        records.grants.findIndex((grant) => grant.id === id),
        1,
      );
      return undefined;
    },
    listAlerts: ({ state, severity, ...paging }) =>
      paged(
        records.alerts
          .filter((alert) => state === 'all' || state.includes(alert.state))
          .filter(() => severity === undefined),
        paging,
      ),
    getAlert: ({ id }) => {
      const found = records.alerts.find((alert) => alert.id === id);
      if (found === undefined) throw new FakeProblem(404, 'not_found', 'There is no such alert.');
      return found;
    },
    changeAlerts: ({ ids, state, owner, comment = null }) => {
      const by = { id: ada.id, email: ada.email, name: ada.name };
      const theirs = owner === undefined ? undefined : owner === null ? null : by;
      const items = records.alerts.filter(({ id }) => ids.includes(id));
      for (const alert of items) {
        const event = { at: then, by, state: state ?? null, ...(theirs !== undefined && { owner: theirs }), comment };
        records.alerts[records.alerts.indexOf(alert)] = {
          ...alert,
          state: state ?? alert.state,
          owner: theirs === undefined ? alert.owner : theirs,
          history: [...alert.history, event],
        };
      }
      const missing = ids.filter((id) => items.every((alert) => alert.id !== id));
      return {
        items: records.alerts.filter(({ id }) => ids.includes(id)),
        unchanged: missing.map((id) => ({ id, why: 'There is no such alert.' })),
      };
    },
    listMessages: ({ server: on, tool, member, outcome, ...paging }) =>
      paged(
        records.messages
          .filter((each) => on === undefined || each.server?.name === on)
          .filter((each) => tool === undefined || each.target === tool)
          .filter((each) => member === undefined || each.member.id === member)
          .filter((each) => outcome === undefined || each.outcome === outcome)
          .toReversed(),
        paging,
      ),
    getMessage: ({ id }) => {
      const found = records.messages.find((each) => each.id === id);
      if (found === undefined) throw new FakeProblem(404, 'not_found', 'There is no such message.');
      return {
        ...found,
        request: requestBody,
        response: { ...requestBody, edits: [], delivered: '{"n":12345678901234567890}' },
        judged: null,
      };
    },
  };
}

const requestBody = {
  original: '{"key":"hunter2"}',
  delivered: '{"key":"[secret]"}',
  edits: [
    {
      start: 8,
      end: 15,
      replacement: '[secret]',
      layer: 'hub' as const,
      policy: { id: 'pol_1' as const, name: 'Redact secrets' },
      reason: 'a password',
      detector: 'password',
    },
  ],
  findings: [],
};

/** How a server turns out: one called `broken…` does not answer, one called `slow…` not yet. */
function settled({ name }: FakeServer): Partial<FakeServer> {
  if (name.startsWith('slow')) return {};
  if (!name.startsWith('broken')) return { status: 'ready' };
  return { status: 'unavailable', reason: 'It ended with exit code 1.', fix: 'Check its command.' };
}

function paged<Item>(items: readonly Item[], { limit, cursor }: { limit: number; cursor?: string | undefined }) {
  const from = Number(cursor ?? 0);
  const rest = items.length > from + limit;
  return { items: items.slice(from, from + limit), next: rest ? String(from + limit) : null };
}
