// Several hubs on one database: what is taken back on one ends on all, and what is used on one is not there on another.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { type OwnPostgres, startDebianPostgres } from '../actors/debian-postgres.ts';
import { eventually } from '../actors/eventually.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { addMember, callTool, openSession, serverReady } from './access-steps.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const nodes = 3;

let postgres: OwnPostgres | null = null;
const hubs: Hub[] = [];

before(async () => {
  postgres = await startDebianPostgres();
  if (postgres === null) return;
  const env = { DATABASE_URL: postgres.url, MCPVAULT_MASTER_KEY: randomBytes(32).toString('base64') };
  for (let at = 0; at < nodes; at++) hubs.push(await startHub({ env }));
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'exact'] };
  await first().api('POST', '/api/v1/mcp/servers', { name: 'tools', transport, isolation: 'shared' });
  await first().api('POST', '/api/v1/mcp/servers', { name: 'more', transport, isolation: 'shared' });
  for (const hub of hubs) for (const name of ['tools', 'more']) await serverReady(hub, name);
});
after(async () => {
  await Promise.all(hubs.map((hub) => hub[Symbol.asyncDispose]()));
  await postgres?.stop();
});

function first(): Hub {
  const [hub] = hubs;
  assert.ok(hub !== undefined);
  return hub;
}

/** A member that may use the server, with a session on every hub, which all of them have used. */
async function member(name: string) {
  const made = await addMember(first(), name);
  const subject = { type: 'member', id: made.id };
  const grant = await first().api<{ id: string }>('POST', '/api/v1/grants', { subject, server: 'tools' });
  const sessions: string[] = [];
  for (const hub of hubs) {
    await eventually(async () => {
      const { session } = await openSession(hub, 'tools', made.token);
      if (session === '') return false;
      sessions.push(session);
      return true;
    }, `${name} may use the server on every hub`);
  }
  const mayCall = async (at: number): Promise<boolean> => {
    const hub = hubs[at];
    assert.ok(hub !== undefined);
    const { status, text } = await callTool(hub, 'tools', made.token, sessions[at] ?? '', 'echo', { text: 'heard' });
    return status === 200 && text.includes('heard');
  };
  for (const at of hubs.keys()) assert.equal(await mayCall(at), true);
  return { ...made, grant, subject, mayCall };
}

type Member = Awaited<ReturnType<typeof member>>;

const ends: Readonly<Record<string, (who: Member) => Promise<unknown>>> = {
  'a token that is revoked': ({ tokenId }) => first().api('DELETE', `/api/v1/tokens/${tokenId}`),
  'a grant that is taken back': ({ grant }) => first().api('DELETE', `/api/v1/grants/${grant.id}`),
  'a member who is disabled': ({ id }) => first().api('PATCH', `/api/v1/members/${id}`, { disabled: true }),
  'a deny that is added': ({ subject }) =>
    first().api('POST', '/api/v1/grants', { effect: 'deny', subject, server: 'tools', tools: ['echo'] }),
};

test('every hub carries sessions of every server, and every server is reached through every hub', async (t) => {
  verifies('CP-112', 'CP-114');
  if (postgres === null) return t.skip('the distribution’s PostgreSQL is not installed');
  const { token } = await first().createToken();
  for (const [at, hub] of hubs.entries()) {
    for (const server of ['tools', 'more']) {
      const { session } = await openSession(hub, server, token);
      const { text } = await callTool(hub, server, token, session, 'echo', { text: `${server} through ${at}` });
      assert.match(text, new RegExp(`${server} through ${at}`));
    }
  }
});

test('what is taken back ends at the next message on its hub, and a moment later on every other', async (t) => {
  verifies('CP-010');
  if (postgres === null) return t.skip('the distribution’s PostgreSQL is not installed');
  const took: number[] = [];
  for (const [what, end] of Object.entries(ends)) {
    const who = await member(`member-${took.length}`);
    await end(who);
    const ended = performance.now();
    const elsewhere = [1, 2].map(async (at) => {
      await eventually(async () => !(await who.mayCall(at)), `${what} on hub ${at}`);
      return performance.now() - ended;
    });
    assert.equal(await who.mayCall(0), false, `${what} ends at the next message`);
    took.push(...(await Promise.all(elsewhere)));
    for (const at of hubs.keys()) assert.equal(await who.mayCall(at), false, `${what} stays so`);
  }
  took.sort((a, b) => a - b);
  t.diagnostic(`ended on the other hubs after ${took.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
  // Of the quickest, since this machine may have much else to do: it would not be so quick if hubs looked now and then.
  assert.ok((took[0] ?? Number.POSITIVE_INFINITY) < 200, 'the others heard of it at once');
});

test('what is used of a quota on one hub is not there on another', async (t) => {
  if (postgres === null) return t.skip('the distribution’s PostgreSQL is not installed');
  const who = await member('counted');
  const limit = { name: 'Three a day', subject: who.subject, calls: 6, per: 'day' };
  await first().api('POST', '/api/v1/limits', limit);
  const limitReached = async (at: number): Promise<boolean> => {
    const { items } = await (hubs[at] ?? first()).api<{ items: { use: { used: number }[] }[] }>(
      'GET',
      '/api/v1/limits',
    );
    return (items[0]?.use[0]?.used ?? 0) >= 6;
  };
  for (const at of [0, 1, 2, 0, 1, 2]) assert.equal(await who.mayCall(at), true);
  for (const at of hubs.keys()) await eventually(() => limitReached(at), `hub ${at} sees all six calls`);
  for (const at of hubs.keys()) {
    await eventually(async () => !(await who.mayCall(at)), `hub ${at} lets no more through`);
  }
});

test('an organization made on one hub is served by all, and suspended on all', async (t) => {
  verifies('CP-026');
  if (postgres === null) return t.skip('the distribution’s PostgreSQL is not installed');
  const made = await first().api<{ id: string; invitation: { url: string } }>('POST', '/api/v1/organizations', {
    name: 'Newcomers',
    admin: { email: 'admin@newcomers.example', name: 'First' },
  });
  const password = 'a password that is long enough';
  const link = new URL(made.invitation.url).hash.replace('#link=', '');
  await first().api('POST', '/api/v1/auth/links/accept', { link, password }, null);
  for (const hub of hubs) {
    await eventually(async () => {
      const { accessToken } = await hub.signIn('admin@newcomers.example', password);
      // Sealed with the organization’s own key, which each hub has to read.
      const transport = { type: 'streamable-http', url: 'http://127.0.0.1:9/mcp', headers: { 'x-key': 'a secret' } };
      await hub.api('POST', '/api/v1/mcp/servers', { name: `on-${hubs.indexOf(hub)}`, transport }, accessToken);
      return true;
    }, 'the newcomers work here');
  }
  const { accessToken } = await first().signIn('admin@newcomers.example', password);
  const { token } = await first().createToken(accessToken);
  const statusAt = async (hub: Hub): Promise<number> => (await openSession(hub, 'on-0', token)).status;
  for (const hub of hubs) assert.notEqual(await statusAt(hub), 401);
  await first().api('PATCH', `/api/v1/organizations/${made.id}`, { suspended: true });
  assert.equal(await statusAt(first()), 401);
  for (const hub of hubs) await eventually(async () => (await statusAt(hub)) === 401, 'the suspension is heard of');
});
