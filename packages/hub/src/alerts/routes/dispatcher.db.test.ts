import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, before, test } from 'node:test';
import type { Severity } from '@mcpvault/domain/policy/policy';
import { createOutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import { SMTPServer } from 'smtp-server';
import type { Actor } from '../../actor.ts';
import { quiet } from '../../testing/quiet.ts';
import { createTestHub, type TestHub } from '../../testing/test-hub.ts';
import { until } from '../../testing/until.ts';
import { somethingWrong } from '../../testing/something-wrong.ts';
import { carrierOf } from './carriers.ts';
import { createDispatcher } from './dispatcher.ts';
import { readMailServer } from './mail-server.ts';

let hub: TestHub;
const ends: (() => void)[] = [];
before(async () => {
  hub = await createTestHub();
});
after(async () => {
  for (const end of ends) end();
  await hub.stop();
});

const rules = createOutboundRules({ allowed: ['127.0.0.0/8'], trust: 'none' });

function dispatcher(name: string, smtp = 'smtp://127.0.0.1:1?tls=off', timeout = 15_000) {
  const { ambient, stores } = hub;
  const server = readMailServer(smtp);
  assert.ok(server);
  const deps = {
    ...{ sealer: hub.keyring, stores, clock: ambient.clock, version: '1.0.0', consoleUrl: 'https://vault.example' },
    fetch: createOutboundFetch({ rules, bounds: { timeout } }),
    mail: { server, from: 'MCPVault <vault@example.com>' },
  };
  const running = createDispatcher({
    ...{ stores, ambient, hub: name, log: quiet },
    carrierOf: (route) => carrierOf(route, deps),
  });
  running.start();
  return running;
}

async function world(): Promise<Actor> {
  return hub.addMember(await hub.addOrganization(), 'admin');
}

let made = 0;

async function raise(admin: Actor, title: string, severity: Severity = 'high'): Promise<string> {
  made += 1;
  const organization = admin.caller?.organization ?? 'org_none';
  const wrong = somethingWrong(organization, hub.ambient.clock.now(), { title, severity, likeness: `wrong ${made}` });
  await hub.stores.alerts.raise([wrong], hub.ambient.ids);
  const { items } = await hub.execute('listAlerts', { q: title, state: 'all' }, admin);
  return items[0]?.id ?? '';
}

async function stateOf(admin: Actor, id: string) {
  const { items } = await hub.execute('listAlertRoutes', {}, admin);
  return items.find((route) => route.id === id)?.state;
}

interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers what is left of `answers`, then with 200. */
async function receiver(answers: ((body: string) => { status: number; text?: string } | 'hang')[] = []) {
  const taken: Taken[] = [];
  let tries = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    tries += 1;
    const answer = answers.shift()?.(body) ?? { status: 200 };
    if (answer === 'hang') return;
    if (answer.status < 300) taken.push({ headers: request.headers, body });
    response.writeHead(answer.status).end(answer.text ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close().closeAllConnections());
  const titles = () => taken.map(({ body }) => (JSON.parse(body) as { data: { title: string } }).data.title);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, taken, titles, tries: () => tries };
}

/** Later, so that what failed is tried again. */
function wait(milliseconds = 2_000): void {
  hub.ambient.clock.time += milliseconds;
}

test('a web address gets each once and signed, tries again with the same id, and survives the hub that was at it', async () => {
  const admin = await world();
  const { url, taken, titles, tries } = await receiver([() => ({ status: 500 }), () => ({ status: 503 })]);
  const { route, secret } = await hub.execute(
    'createAlertRoute',
    { name: 'hook', transport: { type: 'webhook', url } },
    admin,
  );
  const first = dispatcher('one');
  const alert = await raise(admin, 'First');
  await until(() => tries() === 1);
  await first.stop();
  const again = dispatcher('two');
  await until(async () => {
    wait();
    return taken.length === 1;
  });
  await raise(admin, 'Second');
  await until(() => taken.length === 2);
  assert.deepEqual(titles(), ['First', 'Second']);
  const { headers, body } = taken[0] ?? assert.fail();
  const id = String(headers['webhook-id']);
  const key = Buffer.from((secret ?? '').slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${id}.${String(headers['webhook-timestamp'])}.${body}`)
    .digest('base64');
  assert.equal(headers['webhook-signature'], `v1,${signature}`);
  const { type, data } = JSON.parse(body) as { type: string; data: { url: string; alert: string } };
  assert.deepEqual([type, data.url, data.alert], ['alert.raised', `https://vault.example/alerts/${alert}`, alert]);
  await again.stop();
  const state = await stateOf(admin, route.id);
  assert.deepEqual([state?.is, state?.delivered, state?.waiting], ['fine', 2, 0]);
  const log = await hub.execute('listAlertDeliveries', { id: route.id }, admin);
  assert.deepEqual(
    log.items.map(({ title, state: is, tries: times }) => [title, is, times]),
    [
      ['Second', 'delivered', 1],
      ['First', 'delivered', 3],
    ],
  );
});

test('several hubs share the work, and each notification is sent by one of them', async () => {
  const admin = await world();
  const hooks = await Promise.all([receiver(), receiver(), receiver()]);
  for (const [number, { url }] of hooks.entries())
    await hub.execute('createAlertRoute', { name: `hook ${number}`, transport: { type: 'webhook', url } }, admin);
  const hubs = ['a', 'b', 'c'].map((name) => dispatcher(name));
  for (let number = 0; number < 12; number += 1) await raise(admin, `No ${number}`);
  await until(() => hooks.every(({ taken }) => taken.length >= 12));
  await Promise.all(hubs.map((each) => each.stop()));
  for (const { taken, titles } of hooks) {
    assert.equal(new Set(taken.map(({ headers }) => headers['webhook-id'])).size, 12);
    assert.equal(taken.length, 12);
    assert.equal(new Set(titles()).size, 12);
  }
});

test('a route tells of what its filter names, to nobody of another organization, and not before quiet hours are over', async () => {
  const [admin, stranger] = [await world(), await world()];
  const hook = await receiver();
  const night = await receiver();
  await hub.execute(
    'createAlertRoute',
    { name: 'severe', transport: { type: 'webhook', url: hook.url }, filter: { severity: 'high' } },
    admin,
  );
  const now = new Date(hub.ambient.clock.now());
  const clock = (hours: number) => new Date(now.getTime() + hours * 3_600_000).toISOString().slice(11, 16);
  const hours = { timeZone: 'UTC', from: clock(-1), to: clock(1) };
  const { route } = await hub.execute(
    'createAlertRoute',
    { name: 'night', transport: { type: 'webhook', url: night.url }, quiet: hours },
    admin,
  );
  const running = dispatcher('one');
  await raise(admin, 'Mild', 'low');
  await raise(admin, 'Severe', 'high');
  await raise(admin, 'Burning', 'critical');
  await raise(stranger, 'Foreign', 'critical');
  await until(() => hook.taken.length === 2 && night.taken.length === 1);
  assert.deepEqual(hook.titles(), ['Severe', 'Burning']);
  assert.deepEqual(night.titles(), ['Burning']);
  const waiting = await hub.execute('listAlertDeliveries', { id: route.id }, admin);
  assert.deepEqual([...new Set(waiting.items.map(({ state, why }) => `${state} ${why}`))].toSorted(), [
    'delivered null',
    'waiting it waits for quiet hours to end',
  ]);
  wait(3_600_000);
  await until(() => night.taken.length === 3);
  assert.deepEqual(night.titles().toSorted(), ['Burning', 'Mild', 'Severe']);
  await running.stop();
});

test('a route that escalates tells only what nobody took on in time', async () => {
  const admin = await world();
  const hook = await receiver();
  const { route } = await hub.execute(
    'createAlertRoute',
    { name: 'late', transport: { type: 'webhook', url: hook.url }, afterMinutes: 30 },
    admin,
  );
  const running = dispatcher('one');
  const taken = await raise(admin, 'Taken on');
  await raise(admin, 'Left alone');
  await hub.execute('changeAlerts', { ids: [taken as `alt_${string}`], owner: 'me', state: 'acknowledged' }, admin);
  await until(async () => ((await stateOf(admin, route.id))?.waiting ?? 0) === 2);
  wait(29 * 60_000);
  assert.equal(hook.tries(), 0);
  wait(2 * 60_000);
  await until(() => hook.taken.length === 1);
  await until(async () => (await stateOf(admin, route.id))?.waiting === 0);
  assert.deepEqual(hook.titles(), ['Left alone']);
  const { items } = await hub.execute('listAlertDeliveries', { id: route.id }, admin);
  assert.match(items.find(({ state }) => state === 'dropped')?.why ?? '', /acknowledged in time/);
  await running.stop();
});

test('a receiver that is down, slow or lies keeps nobody waiting, and is told later; what it always refuses is given up', async () => {
  const admin = await world();
  const fine = await receiver();
  const slow = await receiver([() => 'hang']);
  const liar = await receiver([() => ({ status: 200, text: '{"ok":false,"error":"channel_is_archived"}' })]);
  const picky = await receiver(Array.from({ length: 5 }, () => () => ({ status: 422 })));
  const gone = await receiver([() => ({ status: 410 })]);
  const ids = new Map<string, `rte_${string}`>();
  const routes = {
    fine: { type: 'webhook', url: fine.url },
    slow: { type: 'webhook', url: slow.url },
    liar: { type: 'slack', url: liar.url },
    picky: { type: 'webhook', url: picky.url },
    gone: { type: 'webhook', url: gone.url },
    down: { type: 'webhook', url: 'http://127.0.0.1:1/hook' },
  } as const;
  for (const [name, transport] of Object.entries(routes))
    ids.set(name, (await hub.execute('createAlertRoute', { name, transport }, admin)).route.id);
  const state = (name: string) => stateOf(admin, ids.get(name) ?? '');
  const running = dispatcher('one', undefined, 300);
  await raise(admin, 'Something');
  await until(() => fine.taken.length === 1);
  await until(async () => (await state('slow'))?.is === 'failing' && (await state('liar'))?.is === 'failing');
  assert.match((await state('slow'))?.problem?.why ?? '', /did not answer within/);
  assert.match((await state('liar'))?.problem?.why ?? '', /said no/);
  await until(async () => (await state('gone'))?.is === 'off');
  await until(async () => (await state('down'))?.problem !== null);
  await until(async () => {
    wait();
    return picky.tries() >= 5 && slow.taken.length === 1 && liar.taken.length === 2;
  });
  await until(async () => (await state('picky'))?.waiting === 0);
  const log = await hub.execute('listAlertDeliveries', { id: ids.get('picky') ?? 'rte_0' }, admin);
  assert.deepEqual([log.items[0]?.state, log.items[0]?.why], ['dropped', 'the receiver answered 422']);
  assert.equal((await state('down'))?.waiting, 1);
  await running.stop();
});

interface Mail {
  readonly to: readonly string[];
  readonly text: string;
}

/** A real mail server; `refuse` says no to an address. */
async function mailServer(refuse: (address: string) => boolean = () => false) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
    onRcptTo: ({ address }, _session, done) =>
      done(refuse(address) ? Object.assign(new Error('no'), { responseCode: 550 }) : null),
    async onData(stream, session, done) {
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
      done();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}?tls=off`, mails };
}

test('mail goes to the addresses of the route and to whom it concerns, a flood as one mail, and nothing can be smuggled in', async () => {
  const admin = await world();
  const organization = admin.caller?.organization ?? 'org_none';
  const approver = await hub.addMember(organization, 'member');
  const { url, mails } = await mailServer();
  await hub.execute(
    'createAlertRoute',
    { name: 'mail', transport: { type: 'email', to: ['oncall@example.com'], people: true } },
    admin,
  );
  const running = dispatcher('one', url);
  for (let number = 0; number < 30; number += 1) await raise(admin, `Flood ${number}\r\nBcc: everybody@example.com`);
  await until(async () => {
    wait();
    return mails.map(({ text }) => text.match(/Flood \d+/g)?.length ?? 0).reduce((sum, each) => sum + each, 0) >= 30;
  });
  assert.ok(mails.length <= 5, `${mails.length} mails for 30 alerts`);
  for (const { to, text } of mails) {
    assert.deepEqual(to, ['oncall@example.com']);
    assert.equal(/^Bcc:/m.test(text), false);
    assert.match(text, /^Auto-Submitted: auto-generated/m);
    assert.match(text, /^Message-ID: <[0-9a-f]{32}@vault\.example>/m);
  }
  const sent = mails.length;
  await hub.stores.notifications.add({
    ...{ id: hub.ambient.ids.next('ntf'), organization, type: 'approval.asked', at: hub.ambient.clock.now() },
    ...{ severity: 'high', title: 'A call waits for you', text: '', policy: null, server: null, alert: null },
    ...{ people: [approver.id], link: '/approvals', data: {} },
  });
  await until(() => {
    wait();
    return mails.length > sent;
  });
  assert.deepEqual(mails.at(-1)?.to.toSorted(), ['oncall@example.com', approver.email].toSorted());
  await running.stop();
});

test('a mail server that is away, refuses, or hangs in the middle is said to be so, and the mail goes when it is back', async () => {
  const admin = await world();
  const hanging = createTcpServer((socket) => void socket.write('220 hello\r\n'));
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  ends.push(() => hanging.close());
  const { route } = await hub.execute(
    'createAlertRoute',
    { name: 'mail', transport: { type: 'email', to: ['oncall@example.com'] } },
    admin,
  );
  const tested = async (smtp: string) => {
    const kept = await hub.stores.alertRoutes.byId(admin.caller?.organization ?? 'org_none', route.id);
    assert.ok(kept);
    const one = dispatcher('test', smtp);
    await one.stop();
    return one.test(kept, 'mem_1').then(
      () => null,
      (error: Error) => error.message,
    );
  };
  assert.match((await tested('smtp://127.0.0.1:1?tls=off')) ?? '', /could not be reached|broke/);
  const { url } = await mailServer(() => true);
  assert.match((await tested(url)) ?? '', /did not take sender or addresses/);
  const secure = await mailServer();
  assert.match((await tested(secure.url.replace('?tls=off', ''))) ?? '', /TLS/);
  assert.equal(secure.mails.length, 0);
  const fine = await mailServer();
  assert.equal(await tested(fine.url), null);
  assert.match(fine.mails[0]?.text ?? '', /This is a test of the route mail/);
});

test('addresses of chats are kept sealed and never shown, and places that are not allowed are refused at once', async () => {
  const admin = await world();
  const { url, taken } = await receiver();
  const transport = { type: 'chat', url: `${url}?token=very-secret`, field: 'content' } as const;
  const { route } = await hub.execute('createAlertRoute', { name: 'chat', transport }, admin);
  const said = JSON.stringify([
    route,
    await hub.execute('listAlertRoutes', {}, admin),
    await hub.execute('listAudit', {}, admin),
  ]);
  assert.equal(said.includes('very-secret'), false);
  for (const bad of ['http://169.254.169.254/latest', 'https://10.0.0.1/hook'])
    await assert.rejects(
      hub.execute('createAlertRoute', { name: 'bad', transport: { type: 'slack', url: bad } }, admin),
      {
        code: 'upstream_invalid',
      },
    );
  const running = dispatcher('one');
  await raise(admin, '@everyone look');
  await until(() => taken.length === 1);
  const { content, allowed_mentions } = JSON.parse(taken[0]?.body ?? '') as {
    content: string;
    allowed_mentions: object;
  };
  assert.equal(/@everyone/.test(content), false);
  assert.deepEqual(allowed_mentions, { parse: [] });
  await running.stop();
});
