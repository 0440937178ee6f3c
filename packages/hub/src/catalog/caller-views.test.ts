import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { type Grant, unconditional } from '@mcpvault/domain/identity/access';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { indexGrants } from '@mcpvault/domain/identity/grant-index';
import { reachOf } from '@mcpvault/domain/identity/reach';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { ServerId } from '@mcpvault/domain/ids';
import fc from 'fast-check';
import { createCallerViews } from './caller-views.ts';

const names = ['a', 'b', 'c'] as const;
const offer = offering(names.map((name) => entry(name)));

function entry(name: string): ServerEntry {
  return {
    id: `srv_${name}`,
    organization: 'org_1',
    name,
    version: `ver_${name}`,
    transport: { type: 'stdio', command: 'x', args: [], env: {} },
    isolation: 'shared',
    processes: defaultProcessRules,
    enabled: true,
  };
}

function offering(all: readonly ServerEntry[]) {
  return { all, byName: new Map(all.map((each) => [each.name, each])) };
}

function caller(at: number, role: 'member' | 'admin' = 'member'): Caller {
  const { permissions } = builtInRoles[role];
  const rest = { organization: 'org_1', email: 'a@b.c', token: null } as const;
  return { ...rest, member: `mem_${at}`, role, permissions, teams: at === 2 ? [] : ['team_1'] };
}

const subjects = ['mem_1', 'mem_2', 'team_1', 'member'] as const;
const drawn = fc.record({
  effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
  subject: fc.constantFrom(...subjects).map((id) => ({ type: 'member', id })),
  server: fc.constantFrom<ServerId[]>('srv_a', 'srv_b', 'srv_c'),
  tools: fc.option(fc.subarray(['read', 'write'], { minLength: 1 })),
  expiresAt: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 2 }),
});

type Step = { readonly put: number; readonly grant: unknown } | { readonly at: number };

test('whatever is given, taken back and ends, callers may use what follows from it at that moment', () => {
  const step = fc.oneof(
    fc.record({ put: fc.nat(5), grant: fc.option(drawn) }),
    fc.record({ at: fc.integer({ min: 1, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.constantFrom(2, 40, 1_000), (steps: Step[], atMost) => {
      const clock = { time: 0, now: () => clock.time, micros: () => 0 };
      const views = createCallerViews(clock, atMost);
      const index = indexGrants([]);
      const held = new Map<string, Grant>();
      const callers = [caller(1), caller(2), caller(3), caller(1, 'admin')];
      for (const each of steps) {
        if ('at' in each) clock.time += each.at;
        else {
          const id = `grt_${each.put}` as const;
          const grant = each.grant === null ? null : ({ ...unconditional, ...(each.grant as object), id } as Grant);
          index.put(id, grant);
          if (grant === null) held.delete(id);
          else held.set(id, grant);
        }
        for (const who of callers) {
          const expected = offer.all.flatMap((server) => {
            const theirs = [...held.values()].filter(({ subject, server: of, expiresAt }) => {
              const named = [who.member, ...who.teams, who.role].some((one) => one === subject.id);
              return named && of === server.id && (expiresAt === null || expiresAt > clock.time);
            });
            const reach = reachOf(who.role === 'admin', theirs);
            return reach === null ? [] : [{ name: server.name, extent: sorted(reach.extent()) }];
          });
          const one = names.flatMap((name) => {
            const usable = views.byName(offer, index, who, name);
            return usable === null ? [] : [{ name, extent: sorted(usable.reach.extent()) }];
          });
          assert.deepEqual(one, expected);
          const all = views.usable(offer, index, who);
          assert.deepEqual(
            all.map(({ server, reach }) => ({ name: server.name, extent: sorted(reach.extent()) })),
            expected,
          );
        }
      }
    }),
  );
});

function sorted(extent: object): unknown {
  return JSON.parse(JSON.stringify(extent), (_key, value: unknown) =>
    Array.isArray(value) ? value.toSorted() : value,
  );
}

test('as long as nothing changes, the answer is the same object; a change of others leaves it so', () => {
  const views = createCallerViews({ now: () => 0, micros: () => 0 });
  const of = (id: `grt_${string}`, subject: Grant['subject']): Grant => ({
    ...unconditional,
    id,
    subject,
    server: 'srv_a',
  });
  const index = indexGrants([
    of('grt_1', { type: 'member', id: 'mem_1' }),
    of('grt_2', { type: 'team', id: 'team_1' }),
    of('grt_3', { type: 'member', id: 'mem_2' }),
  ]);
  const [one, two, three] = [caller(1), caller(2), caller(3)];
  const before = [one, two, three].map((who) => views.byName(offer, index, who, 'a'));
  index.put('grt_3', null);
  assert.equal(views.byName(offer, index, one, 'a'), before[0]);
  assert.equal(views.byName(offer, index, two, 'a'), null);
  assert.equal(views.byName(offer, index, three, 'a'), before[2]);
  assert.equal(views.byName(offer, index, caller(4), 'a'), before[2], 'what a team gives is held once');
  const renamed = offering([{ ...entry('a'), name: 'z' }]);
  assert.equal(views.byName(renamed, index, one, 'a'), null);
  assert.notEqual(views.byName(renamed, index, one, 'z'), null);
  assert.equal(views.byName(renamed, index, one, 'no such name'), null);
});
