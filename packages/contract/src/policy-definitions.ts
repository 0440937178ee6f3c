// Policies as the whole language has them. The older operations of `policies.ts` write and read its plain part.
import { quarantineWhats, redactionStyles } from '@mcpvault/domain/policy/action';
import { policyDirections, policyModes, severities } from '@mcpvault/domain/policy/policy';
import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

const text = (most: number) => z.string().max(most);
const names = (most: number) => z.array(z.string().min(1).max(200)).max(most).nullable().default(null);

export const actionShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('allow') }),
  z.object({ type: z.literal('refuse'), code: text(60).optional(), message: text(1000).optional() }),
  z.object({
    type: z.literal('hold'),
    message: text(1000).optional(),
    /** How many different people have to say yes. */
    approvers: z.number().int().min(1).max(10).optional(),
    /** Who may: `supervisor`, `role:NAME`, `team:NAME`, or an e-mail address. */
    from: z.array(text(300)).min(1).max(50).optional(),
    /** For a decision; an hour where left out. */
    minutes: z.number().int().min(1).max(10_080).optional(),
    /** No approval for a whole session. */
    once: z.boolean().optional(),
  }),
  z.object({ type: z.literal('redact'), style: z.enum(redactionStyles), text: text(1000).optional() }),
  z.object({ type: z.literal('set'), argument: text(500), value: z.json() }),
  z.object({ type: z.literal('unset'), argument: text(500) }),
  z.object({ type: z.literal('notice'), text: text(1000) }),
  z.object({
    type: z.literal('tag'),
    tags: z.array(text(60)).max(20),
    of: z.enum(['message', 'session', 'values']).optional(),
  }),
  z.object({ type: z.literal('alert'), title: text(1000).optional() }),
  z.object({
    type: z.literal('quarantine'),
    what: z.enum(quarantineWhats),
    minutes: z.number().int().positive().max(525_600).optional(),
  }),
]);

export const testShape = z.object({
  name: z.string().min(1).max(200),
  /** What differs from a plain call of a tool by a member. */
  given: z.object({
    direction: z.enum(policyDirections).optional(),
    tool: text(200).optional(),
    arguments: z.json().optional(),
    result: z.json().optional(),
    /** Values that conditions read, such as `{ "caller": { "role": "admin" } }`. */
    values: z.record(z.string(), z.json()).optional(),
  }),
  expect: z.object({
    outcome: z.enum(['allowed', 'refused', 'held', 'edited', 'not_matched']),
    contains: text(1000).optional(),
    lacks: text(1000).optional(),
    tags: z.array(text(60)).max(20).optional(),
    alert: z.boolean().optional(),
  }),
});

export const scopeShape = z.object({
  servers: z.array(id('srv')).max(1000).nullable().default(null),
  tools: names(1000),
  teams: z.array(id('team')).max(1000).nullable().default(null),
  roles: names(100),
  clients: names(100),
  workstations: names(1000),
});

export const budgetShape = z.strictObject({
  /** Percent of the messages it looked at that it may stop or change. */
  share: z.number().min(0).max(100),
  /** Over how many minutes back. */
  minutes: z.number().int().min(1).max(1440).default(15),
  /** Nothing is concluded from fewer messages than these. */
  least: z.number().int().min(1).max(1_000_000).default(20),
});

/** Everything about a policy but its id and version. */
export const definitionDraft = z.object({
  name: z.string().trim().min(1).max(200),
  reason: z.string().trim().min(1).max(1000),
  owner: text(200).default(''),
  severity: z.enum(severities).default('medium'),
  mode: z.enum(policyModes).default('enforce'),
  percentage: z.number().int().min(0).max(100).default(100),
  /** Teams for whom `enforce` enforces; for everybody else it is a shadow. null: for everybody. */
  pilot: z.array(id('team')).max(1000).nullable().default(null),
  /** When it is made a shadow by itself: null is never. */
  budget: budgetShape.nullable().default(null),
  directions: z
    .array(z.enum(policyDirections))
    .min(1)
    .max(3)
    .default([...policyDirections]),
  scope: scopeShape.prefault({}),
  detectors: z.array(z.string().min(1).max(100)).max(200).default([]),
  /** Detectors of its own: RE2 patterns, which findings name `own:<name>`. */
  patterns: z
    .array(z.object({ name: z.string().min(1).max(60), pattern: z.string().min(1).max(1000) }))
    .max(20)
    .default([]),
  threshold: z.number().min(0).max(1).default(0),
  /** CEL; null is always true. */
  condition: z.string().max(8000).nullable().default(null),
  actions: z.array(actionShape).min(1).max(20),
  tests: z.array(testShape).max(200).default([]),
  /** What was changed, for the list of versions. */
  note: text(500).default(''),
  /** How its author wrote it in YAML, comments and all; kept for whoever edits it next. */
  source: z.string().max(100_000).nullable().default(null),
});

export const definitionShape = z.object({
  id: id('pol'),
  ...definitionDraft.shape,
  scope: z.object(scopeShape.shape),
  /** When the hub made it a shadow because it was over its budget; null after the next change. */
  fellBack: z.object({ at: time, asked: z.number().int(), acted: z.number().int() }).nullable(),
  version: z.number().int(),
  createdAt: time,
  updatedAt: time,
});

export const problemShape = z.object({
  field: z.string(),
  problem: z.string(),
  fix: z.string(),
  /** A warning does not keep it from being saved. */
  isWarning: z.boolean(),
  /** Of a condition: where, in characters; lines and columns from 1. */
  place: z
    .object({ start: z.number().int(), end: z.number().int(), line: z.number().int(), column: z.number().int() })
    .nullable(),
});

export const testResult = z.object({ name: z.string(), failure: z.string().nullable() });

export const listDefinitions = operation({
  name: 'policies.definitions',
  method: 'GET',
  path: '/policies/definitions',
  permission: 'policies:read',
  summary: 'List policies with all they say, newest first',
  input: z.object({ ...paging }),
  output: page(definitionShape),
});

export const getDefinition = operation({
  name: 'policies.definition',
  method: 'GET',
  path: '/policies/definitions/{id}',
  permission: 'policies:read',
  summary: 'Show a policy with all it says',
  input: z.object({ id: id('pol') }),
  output: definitionShape,
});

export const createDefinition = operation({
  name: 'policies.define',
  method: 'POST',
  path: '/policies/definitions',
  permission: 'policies:write',
  status: 201,
  summary: 'Add a policy; its condition is checked and its tests are run first',
  input: definitionDraft,
  output: definitionShape,
});

export const replaceDefinition = operation({
  name: 'policies.redefine',
  method: 'PUT',
  path: '/policies/definitions/{id}',
  permission: 'policies:write',
  summary: 'Replace a policy; what it was before is kept as a version',
  input: z.object({ id: id('pol'), ...definitionDraft.shape }),
  output: definitionShape,
});

export const listPolicyVersions = operation({
  name: 'policies.versions',
  method: 'GET',
  path: '/policies/definitions/{id}/versions',
  permission: 'policies:read',
  summary: 'List what a policy said before, newest first',
  input: z.object({ id: id('pol') }),
  output: z.object({
    items: z.array(
      z.object({
        ...definitionDraft.shape,
        scope: z.object(scopeShape.shape),
        version: z.number().int(),
        madeBy: id('mem').nullable(),
        madeAt: time,
      }),
    ),
    next: z.null(),
  }),
});

export const validatePolicy = operation({
  name: 'policies.validate',
  method: 'POST',
  path: '/policies/definitions/validate',
  permission: 'policies:read',
  summary: 'Say what is wrong with a draft, and run its tests; nothing is saved',
  input: definitionDraft,
  output: z.object({ problems: z.array(problemShape), tests: z.array(testResult) }),
});

export const sideShape = z.object({
  rules: z.array(
    z.object({
      policy: z.object({ id: id('pol'), name: z.string() }),
      version: z.number().int(),
      said: z.enum(['matched', 'missed', 'failed']),
      /** Why it did not match, or could not tell, in words. */
      why: z.string().nullable(),
      actions: z.array(z.string()),
      /** What it says was not done. */
      shadow: z.boolean(),
    }),
  ),
  tags: z.array(z.string()),
  alerts: z.array(
    z.object({
      policy: id('pol'),
      version: z.number().int(),
      name: z.string(),
      title: z.string(),
      severity: z.enum(severities),
      findings: z.record(z.string(), z.number()),
      outcome: z.enum(['allowed', 'edited', 'held', 'refused']),
    }),
  ),
  /** How many tokens went back to what they stand for. */
  restored: z.number().int(),
  /** What shadows would have done. */
  would: z.enum(['refused', 'held', 'edited']).nullable(),
  /** Of what was held: what became of the request for a yes, and who decided; null where nobody was asked. */
  approval: z
    .object({
      id: id('apr'),
      said: z.enum(['waiting', 'approved', 'refused', 'withdrawn']),
      by: z.array(z.object({ id: id('mem'), email: z.string(), name: z.string() })),
    })
    .nullable(),
});

/** What policies said about a message, one side at a time. */
export const traceShape = z.object({ call: sideShape.nullable(), result: sideShape.nullable() });

/** A splice of the original, in bytes. */
export const triedEdit = z.object({
  start: z.number().int(),
  end: z.number().int(),
  replacement: z.string(),
  detector: z.string().nullable(),
  reason: z.string(),
});

export const tryPolicy = operation({
  name: 'policies.try',
  method: 'POST',
  path: '/policies/definitions/try',
  permission: 'policies:write',
  summary: 'Judge one message by a draft alone, and show what each rule says; nothing is sent or saved',
  input: z.object({
    policy: definitionDraft,
    /** A message as a test describes it. */
    given: testShape.shape.given,
  }),
  output: z.object({
    outcome: z.enum(['allowed', 'edited', 'held', 'refused']),
    reason: z.string().nullable(),
    original: z.string(),
    delivered: z.string().nullable(),
    edits: z.array(triedEdit),
    trace: sideShape,
    findings: z.array(z.object({ detector: z.string(), pointer: z.string(), confidence: z.number() })),
  }),
});

const declared = z.object({ name: z.string(), type: z.string(), means: z.string() });

export const describeLanguage = operation({
  name: 'policies.language',
  method: 'GET',
  path: '/policies/language',
  permission: 'policies:read',
  summary: 'List what conditions can read and call',
  input: z.object({}),
  output: z.object({
    variables: z.array(declared),
    functions: z.array(z.object({ signature: z.string(), means: z.string(), example: z.string() })),
  }),
});

const quarantineShape = z.object({
  id: id('qua'),
  what: z.enum(quarantineWhats),
  server: id('srv').nullable(),
  tool: z.string().nullable(),
  /** Whose message it was; of what is suspended, who or whose token. */
  member: id('mem'),
  /** The member’s e-mail address; empty where they are gone. */
  email: z.string(),
  /** `pol_none` where somebody did it by hand. */
  policy: id('pol'),
  byHand: z.boolean(),
  reason: z.string(),
  createdAt: time,
  until: time.nullable(),
  liftedAt: time.nullable(),
});

export const listQuarantines = operation({
  name: 'quarantines.list',
  method: 'GET',
  path: '/quarantines',
  permission: 'policies:read',
  summary: 'List what was shut away or suspended, newest first',
  input: z.object({ ...paging }),
  output: page(quarantineShape),
});

export const createQuarantine = operation({
  name: 'quarantines.create',
  method: 'POST',
  path: '/quarantines',
  permission: 'policies:write',
  status: 201,
  summary:
    'Shut a tool away, or suspend what a member may use over MCP, for a time; it holds from their next message on',
  input: z.object({
    what: z.enum(['tool', 'member']),
    /** Of a tool. */
    server: id('srv').optional(),
    tool: z.string().min(1).max(300).optional(),
    member: id('mem').optional(),
    minutes: z.number().int().min(1).max(10_080),
    reason: z.string().trim().min(1).max(1000),
  }),
  output: quarantineShape,
});

export const liftQuarantine = operation({
  name: 'quarantines.lift',
  method: 'DELETE',
  path: '/quarantines/{id}',
  permission: 'policies:write',
  status: 204,
  summary: 'Let a tool, conversation, token or member be used again',
  input: z.object({ id: id('qua') }),
  output: nothing,
});

export const tally = z.object({
  refused: z.number().int(),
  held: z.number().int(),
  edited: z.number().int(),
  /** Alerts that it would raise. */
  alerted: z.number().int(),
  /** Matched, and passed all the same. */
  allowed: z.number().int(),
});

export const backtestShape = z.object({
  id: id('bkt'),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** Why it failed, for people. */
  reason: z.string().nullable(),
  /** How many recorded messages there are in the range, and how many were judged so far. */
  total: z.number().int(),
  judged: z.number().int(),
  /** Messages whose originals are gone, or cannot be read. */
  unreadable: z.number().int(),
  milliseconds: z.number().int(),
  would: tally,
  /** Would be stopped or edited, and was not. */
  newly: z.number().int(),
  /** The policy as it was then matched, and would not any more. */
  noLonger: z.number().int(),
  members: z.array(z.object({ member: id('mem'), email: z.string(), messages: z.number().int() })),
  tools: z.array(z.object({ server: z.string(), tool: z.string(), messages: z.number().int() })),
  examples: z.array(
    z.object({
      message: id('msg'),
      at: time,
      member: id('mem'),
      tool: z.string().nullable(),
      side: z.enum(['call', 'result']),
      outcome: z.enum(['allowed', 'edited', 'held', 'refused']),
      change: z.enum(['newly', 'no_longer', 'same']),
      /** Splices of the original, without what they replace: the message itself shows that to whoever may see it. */
      edits: z.array(z.object({ start: z.number().int(), end: z.number().int(), replacement: z.string() })),
    }),
  ),
});

export const startBacktest = operation({
  name: 'policies.backtest',
  method: 'POST',
  path: '/policies/definitions/backtest',
  permission: 'policies:write',
  status: 201,
  summary: 'Run a draft over recorded messages; nothing is sent to any server',
  input: z.object({
    policy: definitionDraft,
    /** The policy that the draft is to replace, to tell what it would not match any more. */
    replaces: id('pol').optional(),
    from: time,
    to: time,
    /** Of the range, the oldest messages are judged first, and no more than these. */
    most: z.number().int().min(1).max(5_000_000).default(1_000_000),
  }),
  output: backtestShape,
});

export const getBacktest = operation({
  name: 'policies.backtested',
  method: 'GET',
  path: '/policies/backtests/{id}',
  permission: 'policies:write',
  summary: 'Show how far a backtest is, and what it found',
  input: z.object({ id: id('bkt') }),
  output: backtestShape,
});

export const cancelBacktest = operation({
  name: 'policies.cancelBacktest',
  method: 'DELETE',
  path: '/policies/backtests/{id}',
  permission: 'policies:write',
  status: 204,
  summary: 'End a backtest',
  input: z.object({ id: id('bkt') }),
  output: nothing,
});
