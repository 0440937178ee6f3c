// What a policy's tests are made of: a plain call of a tool by a member, with what the test says instead.
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { isGroup, type ValueType } from '../expression/declaration.ts';
import { type MessageValues, messageVariables } from '../expression/message-variables.ts';
import { builtInRoles } from '../identity/role.ts';
import { noSession } from './message-facts.ts';
import type { PolicyDirection, TestMessage } from './policy.ts';
import type { TrialMessage } from './try-message.ts';

const limits = { maxDepth: 200, check: 'structure' } as const;
/** When tests happen unless they say so: a Monday morning. */
const testTime = Date.UTC(2026, 0, 5, 9, 30);

export function trialOf(given: TestMessage): TrialMessage {
  const direction = given.direction ?? 'call';
  const tool = given.tool ?? 'example';
  const request = said(
    direction === 'listing'
      ? { id: 1, method: 'tools/list' }
      : { id: 1, method: 'tools/call', params: { name: tool, arguments: given.arguments ?? {} } },
  );
  const answer = direction === 'call' ? null : said({ id: 1, result: given.result ?? {} });
  return {
    message: answer ?? request,
    answers: answer === null ? null : request,
    direction,
    facts: testFacts(),
    overlay: (values) => overlaid(values, given.values ?? {}, direction),
  };
}

function said(body: object): Message {
  return parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...body })), limits);
}

function testFacts(): TrialMessage['facts'] {
  const member = 'mem_test' as const;
  return {
    caller: {
      organization: 'org_test',
      member,
      email: 'member@example.com',
      role: 'member',
      permissions: builtInRoles.member.permissions,
      teams: [],
      token: null,
    },
    owner: member,
    server: null,
    reach: null,
    circumstances: { now: testTime, address: null, client: 'test-client/1.0' },
    bareName: null,
    message: {
      now: testTime,
      client: 'test-client/1.0',
      ip: null,
      workstation: null,
      tool: () => null,
      teams: () => [],
      session: noSession,
      quarantine: () => null,
      key: () => new Uint8Array(32),
      conversation: 'test',
    },
    underway: 0,
    maxUnderway: 1,
    exceeded: null,
    recording: true,
  };
}

/** Names under `values` that are no variables or members of them. */
export function unknownValues(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const declared = Object.hasOwn(messageVariables, name) ? messageVariables[name as keyof MessageValues] : undefined;
    if (declared === undefined) return [name];
    if (!isGroup(declared)) return [];
    if (typeof value !== 'object' || value === null) return [name];
    return Object.keys(value)
      .filter((field) => !Object.hasOwn(declared.fields, field))
      .map((field) => `${name}.${field}`);
  });
}

/** The values with those that a test states in their place, as the types that conditions expect. */
export function overlaid(
  values: MessageValues,
  stated: Readonly<Record<string, unknown>>,
  _direction: PolicyDirection,
): MessageValues {
  const members: PropertyDescriptorMap = {};
  for (const [name, value] of Object.entries(stated)) {
    const declared = messageVariables[name as keyof MessageValues];
    if (declared === undefined) continue;
    members[name] = {
      enumerable: true,
      value: isGroup(declared)
        ? { ...(values[name as keyof MessageValues] as object), ...fieldsOf(declared.fields, value) }
        : typed(declared.type, value),
    };
  }
  return Object.create(values, members) as MessageValues;
}

function fieldsOf(fields: Readonly<Record<string, { readonly type: ValueType }>>, value: unknown): object {
  return Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>).map(([field, one]) => [
      field,
      typed(fields[field]?.type ?? 'dyn', one),
    ]),
  );
}

function typed(type: ValueType, value: unknown): unknown {
  if (type === 'int' && typeof value === 'number') return BigInt(Math.trunc(value));
  if (type === 'timestamp' && typeof value === 'string') return new Date(value);
  return value;
}
