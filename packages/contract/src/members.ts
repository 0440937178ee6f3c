import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';
import { role } from './roles.ts';

const person = z.object({ id: id('mem'), email: z.string(), name: z.string() });

export const memberShape = z.object({
  id: id('mem'),
  email: z.string(),
  name: z.string(),
  role,
  /** What people call it. */
  roleName: z.string(),
  hasSecondFactor: z.boolean(),
  /** A `service` is a service account: it never signs in. */
  kind: z.enum(['person', 'service']),
  /** `invited` has no way to sign in yet; `disabled` may do nothing, also when their time is over. */
  status: z.enum(['active', 'invited', 'disabled']),
  /** All their access ends then. */
  expiresAt: time.nullable(),
  supervisor: person.nullable(),
  /** Whether an identity provider keeps this member. */
  provisioned: z.boolean(),
  teams: z.array(z.object({ id: id('team'), name: z.string() })),
  createdAt: time,
  lastSeenAt: time.nullable(),
});

/** A link that works once, shown once, to hand to the member. */
const oneTimeLink = z.object({ url: z.string(), expiresAt: time });

export const listMembers = operation({
  name: 'members.list',
  method: 'GET',
  path: '/members',
  permission: 'members:read',
  summary: 'List members: people, and service accounts unless only people are asked for',
  input: z.object({
    ...paging,
    q: z.string().max(200).optional(),
    kind: z.enum(['person', 'service']).optional(),
    /** Whom this member supervises directly. */
    supervisor: id('mem').optional(),
  }),
  output: page(memberShape),
});

export const getMember = operation({
  name: 'members.get',
  method: 'GET',
  path: '/members/{id}',
  permission: 'members:read',
  summary: 'Show one member',
  input: z.object({ id: id('mem') }),
  output: memberShape,
});

export const createMember = operation({
  name: 'members.create',
  method: 'POST',
  path: '/members',
  permission: 'members:write',
  status: 201,
  summary: 'Invite a member; the answer carries a one-time link unless a password is given',
  input: z.object({
    email: z.email().max(320),
    name: z.string().trim().min(1).max(200),
    role: role.default('member'),
    password: z.string().min(12).max(200).optional(),
    supervisor: id('mem').nullish(),
    expiresAt: time.nullish(),
  }),
  output: memberShape.extend({ invitation: oneTimeLink.nullable() }),
});

export const updateMember = operation({
  name: 'members.update',
  method: 'PATCH',
  path: '/members/{id}',
  permission: 'members:write',
  summary:
    'Change a member: name, role, supervisor, until when, disabled or not; disabling ends all their access at the next request',
  input: z.object({
    id: id('mem'),
    name: z.string().trim().min(1).max(200).optional(),
    role: role.optional(),
    disabled: z.boolean().optional(),
    /** null: nobody. */
    supervisor: id('mem').nullish(),
    /** null: for good. */
    expiresAt: time.nullish(),
  }),
  output: memberShape,
});

export const removeMember = operation({
  name: 'members.remove',
  method: 'DELETE',
  path: '/members/{id}',
  permission: 'members:write',
  status: 204,
  summary: 'Remove a member with their tokens and grants; their messages stay in the record',
  input: z.object({ id: id('mem') }),
  output: nothing,
});

export const inviteAgain = operation({
  name: 'members.link',
  method: 'POST',
  path: '/members/{id}/link',
  permission: 'members:write',
  inPerson: true,
  status: 201,
  summary: 'Make a new one-time link with which the member chooses a password',
  input: z.object({ id: id('mem') }),
  output: oneTimeLink,
});

export const teamShape = z.object({
  id: id('team'),
  name: z.string(),
  /** The team that it lies in: what is granted to that one is granted to the members of this one too. */
  parent: z.object({ id: id('team'), name: z.string() }).nullable(),
  members: z.array(person),
  /** They supervise its members, and those of the teams in it. */
  leads: z.array(person),
  /** Whether an identity provider keeps it: who belongs to it is decided there. */
  provisioned: z.boolean(),
});

const placing = { parent: id('team').nullish(), leads: z.array(id('mem')).max(100).optional() };

export const listTeams = operation({
  name: 'teams.list',
  method: 'GET',
  path: '/teams',
  permission: 'members:read',
  summary: 'List teams with their members',
  input: z.object({ ...paging }),
  output: page(teamShape),
});

export const createTeam = operation({
  name: 'teams.create',
  method: 'POST',
  path: '/teams',
  permission: 'members:write',
  status: 201,
  summary: 'Create a team',
  input: z.object({
    name: z.string().trim().min(1).max(200),
    members: z.array(id('mem')).max(1000).default([]),
    ...placing,
  }),
  output: teamShape,
});

export const updateTeam = operation({
  name: 'teams.update',
  method: 'PUT',
  path: '/teams/{id}',
  permission: 'members:write',
  summary: 'Rename a team and set who belongs to it, who leads it, and which team it lies in',
  input: z.object({
    id: id('team'),
    name: z.string().trim().min(1).max(200),
    members: z.array(id('mem')).max(1000),
    ...placing,
  }),
  output: teamShape,
});

export const removeTeam = operation({
  name: 'teams.remove',
  method: 'DELETE',
  path: '/teams/{id}',
  permission: 'members:write',
  status: 204,
  summary: 'Remove a team and the grants it had; the teams in it move up to where it was',
  input: z.object({ id: id('team') }),
  output: nothing,
});
