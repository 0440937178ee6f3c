// Conditions of grants, in the language of policies. Of what that language can speak of, a grant knows what there is before
// a call is made: who asks, for what, from where, when, and with which arguments.
import { Budget } from '../expression/budget.ts';
import { readableValue } from '../expression/json-value.ts';
import { messageEnvironment } from '../expression/message-environment.ts';
import type { MessageValues } from '../expression/message-variables.ts';
import { Failure } from '../failure.ts';
import { toolValues } from '../policy/tool-values.ts';
import type { Attempt, Condition } from './condition.ts';

const known: ReadonlySet<string> = new Set([
  'caller',
  'client',
  'server',
  'tool',
  'target',
  'arguments',
  'now',
  'network',
]);
/** What grants of a whole organization say; each text is compiled once. */
const compiled = new Map<string, Condition>();
const compiledAtMost = 10_000;
const noBytes = 4_096;

/** Throws a `Failure` (`invalid_params`) that says what is wrong with the text. */
export function compileCondition(text: string): Condition {
  const kept = compiled.get(text);
  if (kept !== undefined) return kept;
  const condition = compile(text);
  if (compiled.size >= compiledAtMost) compiled.clear();
  compiled.set(text, condition);
  return condition;
}

function compile(text: string): Condition {
  const compilation = messageEnvironment.compile(text);
  if (!compilation.ok) {
    const issues = compilation.problems.map(({ message, line, column }) => ({
      path: 'condition',
      message: `line ${line}, column ${column}: ${message}`,
    }));
    throw new Failure('invalid_params', `condition: ${issues[0]?.message ?? 'it cannot be read.'}`, { issues });
  }
  const { expression } = compilation;
  const unknown = [...expression.reads].find((name) => !known.has(name));
  if (unknown !== undefined) {
    const text = `condition: a grant cannot speak of “${unknown}”, which is not known before a call. Known are ${[...known].join(', ')}.`;
    throw new Failure('invalid_params', text);
  }
  return {
    needsArguments: expression.reads.has('arguments'),
    holds(attempt) {
      const found = expression.evaluate(messageEnvironment.bind(valuesOf(attempt)), new Budget(noBytes));
      if (!found.ok) throw new Error(found.error.message);
      return found.value;
    },
  };
}

function valuesOf(attempt: Attempt): MessageValues {
  const { caller, server, kind, name, now, address } = attempt;
  return {
    caller: {
      id: caller.member,
      email: caller.email,
      role: caller.role,
      teams: [...(attempt.teamNames?.() ?? []), ...caller.teams],
      kind: caller.member.startsWith('mem_') ? 'member' : 'service',
    },
    get client() {
      const [said = '', version = ''] = (attempt.client ?? '').split('/');
      return { name: said, version };
    },
    get server() {
      const { transport } = server;
      const host = transport.type === 'stdio' ? '' : hostOf(transport.url);
      return { id: server.id, name: server.name, transport: transport.type, host };
    },
    get tool() {
      return kind === 'tool' ? toolValues(name, attempt.tool?.(name) ?? null, now) : toolValues('', null, now);
    },
    target: name,
    get arguments() {
      return readableValue(attempt.arguments());
    },
    get now() {
      return new Date(now);
    },
    network: { ip: address ?? '' },
    ...notKnown,
  };
}

/** No condition that was compiled here asks for these. */
const notKnown = {
  method: '',
  direction: 'call',
  result: {},
  text: '',
  size: 0n,
  findings: [],
  session: { labels: [], calls: 0n, calls_of_tool: 0n, refusals: 0n, servers: [], age: 0n },
  flow: { destinations: [], mentions: [], follows_links: false, copied: 0, labels: [], servers: [] },
} as const;

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
