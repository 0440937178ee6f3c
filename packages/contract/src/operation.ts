// An operation is what can be asked of the hub, as data: its name, route, shapes and the permission it demands. REST,
// OpenAPI, the command line and the console are all made from this one list. Nothing here does anything.
import type { Permission } from '@mcpvault/domain/identity/permission';
import { z } from 'zod';

export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `area.verb`, unique; also the OpenAPI operationId and the audit action. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, with path parameters as `{id}`. */
  readonly path: string;
  readonly permission: Permission;
  readonly summary: string;
  /** Path parameters, query (GET, DELETE) and body (others) as one object. Query values arrive as strings: use z.coerce. */
  readonly input: Input;
  readonly output: Output;
  /** HTTP status of success: 200 unless it creates (201) or answers nothing (204, output `nothing`). */
  readonly status: 200 | 201 | 204;
  /** Open also to members who still have to set up a second factor that their organization demands. */
  readonly beforeSecondFactor: boolean;
  /** How the body is written: as JSON, but for what others' standards lay down. */
  readonly takes: 'json' | 'form';
  /**
   * Only for the member in person: neither for a key nor for somebody who acts as the member. So is whatever touches
   * credentials; every write that needs no permission is, unless it says otherwise.
   */
  readonly inPerson: boolean;
  /** Only for what is done to organizations themselves: it is not kept within the caller’s own. */
  readonly acrossOrganizations: boolean;
  /** False for reads and for what must not leave an audit entry; true leaves exactly one. */
  readonly audited: boolean;
}

export type InputOf<O extends Operation> = z.input<O['input']>;
export type ParsedInputOf<O extends Operation> = z.output<O['input']>;
export type OutputOf<O extends Operation> = z.output<O['output']>;

type Draft<Input extends z.ZodType, Output extends z.ZodType> = Omit<
  Operation<Input, Output>,
  'status' | 'audited' | 'beforeSecondFactor' | 'inPerson' | 'takes' | 'acrossOrganizations'
> &
  Partial<Pick<Operation, 'status' | 'audited' | 'beforeSecondFactor' | 'inPerson' | 'takes' | 'acrossOrganizations'>>;

/** Fills in what follows from the method: reads are not audited, everything else is. */
export function operation<Input extends z.ZodType, Output extends z.ZodType>(
  draft: Draft<Input, Output>,
): Operation<Input, Output> {
  const isRead = draft.method === 'GET';
  return {
    status: 200,
    audited: !isRead,
    beforeSecondFactor: draft.permission === 'anyone',
    takes: 'json',
    acrossOrganizations: false,
    inPerson: draft.permission === 'self' && !isRead,
    ...draft,
  };
}

export const nothing = z.undefined();

/** RFC 3339, UTC. */
export const time = z.iso.datetime();

/** One page of a list: `next` is the cursor of the following page, null on the last one. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
};

export function id<Prefix extends string>(prefix: Prefix) {
  return z.templateLiteral([prefix, '_', z.string().regex(/^[0-9a-z]{1,40}$/)]);
}
