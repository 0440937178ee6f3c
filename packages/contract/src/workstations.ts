// Workstations: the computers of members on which the agent runs, and how they get in.
import { localPolicySettings, messageSettings, whenExpiredSettings } from '@mcpvault/domain/workstation/rules';
import { workstationStates } from '@mcpvault/domain/workstation/workstation';
import { z } from 'zod';
import { judgementShape, verdict } from './compliance.ts';
import { id, nothing, operation, page, paging, time } from './operation.ts';

const member = z.object({ id: id('mem'), email: z.string(), name: z.string() });

export const workstationShape = z.object({
  id: id('wst'),
  name: z.string(),
  member,
  /** It was there a moment ago. */
  online: z.boolean(),
  state: z.enum(workstationStates),
  /** Why it is not active. */
  stateWhy: z.string().nullable(),
  /** `linux`, `macos` or `windows`: as it says, like what follows. */
  platform: z.string(),
  osVersion: z.string(),
  architecture: z.string(),
  hostName: z.string(),
  account: z.string(),
  timeZone: z.string(),
  agentVersion: z.string(),
  addresses: z.array(z.string()),
  features: z.array(z.string()),
  /** Where its last request came from, as the hub saw it. */
  observedAddress: z.string(),
  enrolledAt: time,
  /** The enrolment key; null: its member signed in. */
  enrolledWith: id('wek').nullable(),
  lastSeenAt: time,
  /** What it has to follow, and what it follows. */
  bundle: z.object({
    version: z.number().int(),
    applied: z.number().int().nullable(),
    refused: z.string().nullable(),
    detail: z.string().nullable(),
  }),
  /** Items that wait on it to be sent, and that it lost. */
  journal: z.object({ waiting: z.number().int(), lost: z.number().int() }).nullable(),
  /** The last report; null: none yet. */
  report: z
    .object({
      id: id('rep'),
      takenAt: time,
      /** The next one should have come before now. */
      overdue: z.boolean(),
      verdict,
      judged: judgementShape.omit({ reasons: true }).extend({ reasons: z.number().int() }),
    })
    .nullable(),
});

export const listWorkstations = operation({
  name: 'workstations.list',
  method: 'GET',
  path: '/workstations',
  permission: 'self',
  summary: 'List workstations, newest first: one’s own, or with workstations:read all of them',
  input: z.object({
    ...paging,
    member: id('mem').optional(),
    state: z.enum(workstationStates).optional(),
    verdict: verdict.optional(),
    q: z.string().max(200).optional(),
  }),
  output: page(workstationShape),
});

export const getWorkstation = operation({
  name: 'workstations.get',
  method: 'GET',
  path: '/workstations/{id}',
  permission: 'self',
  summary: 'Show a workstation, with the policies of its own and what its journals lack',
  input: z.object({ id: id('wst') }),
  output: workstationShape.extend({
    localPolicies: z
      .object({
        changedAt: time,
        /** Read only: they are changed on the workstation. `holds`: the hub’s setting lets it. */
        policies: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            holds: z.boolean(),
            definition: z.record(z.string(), z.json()),
          }),
        ),
      })
      .nullable(),
    journals: z.array(
      z.object({
        id: z.string(),
        stored: z.number().int(),
        taken: z.number().int(),
        rejected: z.number().int(),
        lost: z.number().int(),
        /** Numbers that never came, both ends included. */
        missing: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
        lastAt: time,
      }),
    ),
  }),
});

export const updateWorkstation = operation({
  name: 'workstations.update',
  method: 'PATCH',
  path: '/workstations/{id}',
  permission: 'self',
  inPerson: false,
  summary: 'Rename one’s own workstation; with workstations:write any, and shut it out or let it in again',
  input: z.object({
    id: id('wst'),
    name: z.string().trim().min(1).max(200).optional(),
    disabled: z.boolean().optional(),
  }),
  output: workstationShape,
});

export const revokeWorkstation = operation({
  name: 'workstations.revoke',
  method: 'POST',
  path: '/workstations/{id}/revoke',
  permission: 'self',
  inPerson: false,
  status: 204,
  summary:
    'End the credential of one’s own workstation, or with workstations:write of any; its next request is refused',
  input: z.object({ id: id('wst'), reason: z.string().trim().max(500).default('') }),
  output: nothing,
});

export const removeWorkstation = operation({
  name: 'workstations.remove',
  method: 'DELETE',
  path: '/workstations/{id}',
  permission: 'workstations:write',
  status: 204,
  summary: 'Remove a workstation with its reports and jobs; its messages stay',
  input: z.object({ id: id('wst') }),
  output: nothing,
});

export const enrolmentKeyShape = z.object({
  id: id('wek'),
  name: z.string(),
  /** The visible first characters. */
  prefix: z.string(),
  /** Whose workstations it makes; null: whoever installs says so. */
  member: z.object({ id: id('mem'), email: z.string() }).nullable(),
  uses: z.number().int(),
  usesAtMost: z.number().int(),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

export const listEnrolmentKeys = operation({
  name: 'enrolment-keys.list',
  method: 'GET',
  path: '/enrolment-keys',
  permission: 'workstations:write',
  summary: 'List the keys with which workstations enrol where nobody signs in',
  input: z.object({ ...paging }),
  output: page(enrolmentKeyShape),
});

export const createEnrolmentKey = operation({
  name: 'enrolment-keys.create',
  method: 'POST',
  path: '/enrolment-keys',
  permission: 'workstations:write',
  inPerson: true,
  status: 201,
  summary: 'Make an enrolment key; its value is in this answer and nowhere else',
  input: z.object({
    name: z.string().trim().min(1).max(200),
    /** null: whoever installs names the member, so keep the key as you would keep a password. */
    member: id('mem').nullish(),
    usesAtMost: z.number().int().min(1).max(10_000).default(1),
    /** 90 days from now at the latest; a week when left out. */
    expiresAt: time.optional(),
  }),
  output: enrolmentKeyShape.extend({ key: z.string() }),
});

export const revokeEnrolmentKey = operation({
  name: 'enrolment-keys.revoke',
  method: 'DELETE',
  path: '/enrolment-keys/{id}',
  permission: 'workstations:write',
  status: 204,
  summary: 'Revoke an enrolment key; workstations that enrolled with it stay',
  input: z.object({ id: id('wek') }),
  output: nothing,
});

export const workstationSettingsShape = z.object({
  /** Policies of workstations’ own. */
  localPolicies: z.enum(localPolicySettings),
  /** Servers that the hub does not know, run by the workstation. */
  localServers: z.enum(['allowed', 'forbidden']),
  /** What workstations send of messages. */
  messages: z.enum(messageSettings),
  /** What they do when no new bundle came in time. */
  whenExpired: z.enum(whenExpiredSettings),
  pollSeconds: z.number().int().min(5).max(3600),
  /** Days that a bundle holds. */
  bundleDays: z.number().int().min(1).max(90),
  /** Whether members are asked before a job writes into their files. */
  askBeforeWriting: z.boolean(),
});

export const getWorkstationSettings = operation({
  name: 'workstation-settings.get',
  method: 'GET',
  path: '/workstation-settings',
  permission: 'self',
  summary: 'What workstations may do by themselves, and what they send',
  input: z.object({}),
  output: workstationSettingsShape,
});

export const updateWorkstationSettings = operation({
  name: 'workstation-settings.update',
  method: 'PUT',
  path: '/workstation-settings',
  permission: 'workstations:write',
  summary: 'Change what workstations may do by themselves, and what they send; it holds there after their next poll',
  input: workstationSettingsShape,
  output: workstationSettingsShape,
});
