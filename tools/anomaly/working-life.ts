// Weeks of work of some people with AI clients, made of recorded sessions: each person has sessions that they repeat with
// variations, at the hours that they work, and now and then something else. And misuse of several kinds, put into one day.
import type { Observation } from '@mcpvault/domain/anomaly/observation';
import { tellingValues } from '@mcpvault/domain/flow/telling-values';
import { flowTexts } from '@mcpvault/domain/flow/flow-texts';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';
import type { RecordedCall } from '../flow/recorded-sessions.ts';

type Sessions = readonly (readonly RecordedCall[])[];

export interface Person {
  readonly usual: Sessions;
  /** UTC. */
  readonly beginsAt: number;
  readonly hours: number;
  /** Sessions a day, on average. */
  readonly busy: number;
}

export interface World {
  readonly sessions: Sessions;
  readonly tools: ReadonlyMap<string, ToolFacts>;
  readonly random: () => number;
}

const minute = 60_000;
const hour = 60 * minute;
export const dayMs = 24 * hour;

export function makePerson({ sessions, random }: World): Person {
  const from = Math.floor(random() * sessions.length);
  return {
    usual: Array.from({ length: 10 }, (_, at) => sessions[(from + at) % sessions.length] ?? []),
    beginsAt: 6 + Math.floor(random() * 5),
    hours: 7 + Math.floor(random() * 4),
    busy: 2 + random() * 5,
  };
}

/** What a person does on a day; on weekends nearly nothing. */
export function workOf(world: World, person: Person, day: number): readonly Observation[] {
  const { random, sessions } = world;
  const isWeekend = day % 7 > 4;
  if (random() < (isWeekend ? 0.95 : 0.05)) return [];
  const count = Math.max(1, Math.round(person.busy * (0.5 + random())));
  const late = random() < 0.05 ? 2 * hour : 0;
  const starts = Array.from({ length: count }, () => random() * person.hours * hour + late).toSorted((a, b) => a - b);
  return starts
    .flatMap((start) => {
      const pool = random() < 0.85 ? person.usual : sessions;
      const session = pool[Math.floor(random() * pool.length)] ?? [];
      return play(world, session, day * dayMs + person.beginsAt * hour + start);
    })
    .toSorted((a, b) => a.at - b.at);
}

/** A session as somebody would repeat it: other values of other lengths, sometimes another address. */
export function play(world: World, session: readonly RecordedCall[], begins: number): readonly Observation[] {
  let at = begins;
  return session.map((call) => {
    at += (5 + world.random() * 55) * 1000;
    return observationOf(world, call, at);
  });
}

function observationOf({ tools, random }: World, call: RecordedCall, at: number): Observation {
  const facts = tools.get(call.tool);
  const vary = Math.exp((random() + random() + random() - 1.5) * 0.6);
  const isOther = random() < 0.15;
  return {
    at,
    server: call.server,
    tool: call.tool,
    sends: !(facts?.readOnly ?? false) && (facts?.openWorld ?? true),
    failed: /isError=True|^Error/.test(call.result),
    argumentBytes: Math.round(JSON.stringify(call.arguments).length * vary),
    resultBytes: Math.round(call.result.length * vary),
    shape: Object.keys(call.arguments ?? {})
      .toSorted()
      .join(' '),
    destinations: flowTexts(call.arguments)
      .flatMap((text) => tellingValues(text.slice(0, 2_000)))
      .flatMap(({ kind, value }) =>
        kind === 'destination' ? [isOther ? `${value}/${Math.floor(random() * 50)}` : value] : [],
      ),
  };
}

/** Kinds of misuse; each begins on a working day in working hours, but where that is the point. */
export function misuse(world: World, person: Person, day: number): Readonly<Record<string, readonly Observation[]>> {
  const { sessions, random } = world;
  const noon = day * dayMs + (person.beginsAt + person.hours / 2) * hour;
  const night = day * dayMs + ((person.beginsAt + 16) % 24) * hour;
  const [known = example] = person.usual.find((session) => session.length > 0) ?? [];
  const one = (call: RecordedCall, at: number, change: Partial<Observation>) => ({
    ...observationOf(world, call, at),
    ...change,
  });
  const every = [...new Map(sessions.flat().map((call) => [`${call.server} ${call.tool}`, call])).values()];
  const strange = `drop-${Math.floor(random() * 1e6)}.example`;
  return {
    'a burst of 300 calls of a usual tool in ten minutes': Array.from({ length: 300 }, (_, at) =>
      one(known, noon + at * 2_000, {}),
    ),
    '40 different tools of all servers, tried one after another': Array.from({ length: 40 }, (_, at) =>
      one(every[Math.floor(random() * every.length)] ?? known, noon + at * 15_000, {}),
    ),
    'six messages of 30 KB to a new address by a usual tool, over two hours': Array.from({ length: 6 }, (_, at) =>
      one(known, noon + at * 20 * minute, { sends: true, argumentBytes: 30_000, destinations: [strange] }),
    ),
    'one message of 5 KB, read on a usual server, to a new address by a new server': [
      ...Array.from({ length: 4 }, (_, at) => one(known, noon + at * 20_000, {})),
      {
        ...one(known, noon + 2 * minute, {}),
        server: 'mailer',
        tool: 'send',
        shape: 'body to',
        sends: true,
        argumentBytes: 5_000,
        destinations: [strange],
      },
    ],
    'a usual session in the middle of the night': play(
      world,
      person.usual[Math.floor(random() * person.usual.length)] ?? [],
      night,
    ),
    'three sessions of another person by this one’s credential, in the night': [0, 1, 2].flatMap((turn) =>
      play(world, sessions[Math.floor(random() * sessions.length)] ?? [], night + turn * 20 * minute),
    ),
    '60 calls that are refused': Array.from({ length: 60 }, (_, at) => one(known, noon + at * 5_000, { failed: true })),
    'reading 80 times as much as usual, then sending 50 KB by a server that was not used so': [
      ...Array.from({ length: 80 }, (_, at) => one(known, noon + at * 4_000, {})),
      {
        ...one(known, noon + 6 * minute, {}),
        server: 'uploads',
        tool: 'put',
        shape: 'content url',
        sends: true,
        argumentBytes: 50_000,
        destinations: [strange],
      },
    ],
  };
}

const example: RecordedCall = { server: 'example', tool: 'read', arguments: {}, result: 'x'.repeat(500) };
