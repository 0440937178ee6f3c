// The one way to do anything: permission, input, transaction, the operation itself, its audit entry in the same
// transaction, then the change told to all who hold a copy. Adapters such as REST only translate.
import type { InputOf, Operation, OutputOf } from '@mcpvault/contract/operation';
import { type OperationKey, type Operations, operations } from '@mcpvault/contract/operations';
import type { z } from 'zod';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import { enter, type Stores, transaction, within } from '@mcpvault/store/stores';
import { type Actor, signedIn } from './actor.ts';
import { closedTo } from './auth/closed-to.ts';
import { createStrangers } from './auth/strangers.ts';
import type { Change, Changes } from './changes.ts';
import { type Asked, type AuditNote, type Context, type Handler, Refused } from './operations/handler.ts';
import type { Services } from './services.ts';

export interface Execute {
  /** `input` is not trusted: it is parsed with the contract. Throws a `Failure` when it is not done. */
  <Key extends OperationKey>(
    key: Key,
    input: InputOf<Operations[Key]>,
    actor: Actor,
  ): Promise<OutputOf<Operations[Key]>>;
}

export interface ExecuteDeps {
  readonly database: Database;
  readonly handlers: readonly Handler[];
  readonly services: Services;
  readonly changes: Changes;
}

export function createExecute({ database, handlers, services, changes }: ExecuteDeps): Execute {
  const byKey = new Map<string, Handler>(handlers.map((handler) => [handler.key, handler]));
  const strangers = createStrangers(services);

  async function execute(key: OperationKey, given: unknown, actor: Actor): Promise<unknown> {
    const operation: Operation = operations[key];
    const handler = byKey.get(key);
    if (handler === undefined) throw new Error(`no handler is listed for ${key}`);
    await demandPermission(operation, actor);
    const input = parseInput(operation, given);
    const asked: Asked = {
      actor,
      services,
      now: services.ambient.clock.now(),
      get caller() {
        return signedIn(actor);
      },
    };
    const output = await perform(operation, handler, input, asked).catch(async (error: unknown) => {
      if (isRefusal(error)) await recordRefusal(operation, actor);
      throw error;
    });
    if (output instanceof Refused) {
      // What is audited has told of it already, in its own transaction.
      if (!operation.audited && isRefusal(output.failure)) await recordRefusal(operation, actor);
      throw output.failure;
    }
    // Parsed, so that nothing leaves that the contract does not name.
    return operation.output.parse(output);
  }

  async function perform(operation: Operation, handler: Handler, input: unknown, asked: Asked): Promise<unknown> {
    const prepared = await handler.prepare(input, asked);
    const changed: Change[] = [];
    const later: (() => void | Promise<void>)[] = [];
    const work = async (stores: Stores) => {
      let about: AuditNote = {};
      const organization = () => about.by?.organization ?? signedIn(asked.actor).organization;
      const context: Context = {
        actor: asked.actor,
        services,
        now: asked.now,
        get caller() {
          return asked.caller;
        },
        stores,
        changed: (area, id, other) => changed.push({ organization: other ?? organization(), area, id }),
        note: (more) => {
          about = { ...about, ...more };
        },
        afterwards: (task) => later.push(task),
        enter: (organization) => enter(stores, organization),
      };
      const result = await handler.run(input, context, prepared);
      if (operation.audited) await audit(stores, operation, asked.actor, about, result instanceof Refused);
      if (changed.length > 0) await announce(stores.executor, changes.announcement(changed));
      return result;
    };
    const result = await isolated(operation, asked.actor, work);
    await changes.publish(changed);
    for (const task of later) await task();
    return result;
  }

  /** What is done for somebody who is signed in can reach their organization only, whatever its queries say. */
  function isolated<Result>(
    { acrossOrganizations }: Operation,
    { caller }: Actor,
    work: (stores: Stores) => Promise<Result>,
  ): Promise<Result> {
    if (caller === null || acrossOrganizations) return transaction(database, work);
    return within(database, caller.organization, work);
  }

  async function demandPermission(operation: Operation, actor: Actor): Promise<void> {
    if (operation.permission === 'anyone') return;
    const caller = signedIn(actor);
    const closed = closedTo(caller, operation);
    if (closed !== null) {
      await recordRefusal(operation, actor);
      throw closed;
    }
    if (actor.mustEnrol && !operation.beforeSecondFactor) {
      await recordRefusal(operation, actor);
      throw new Failure('forbidden', 'Your organization demands a second factor, and you have none yet.', {
        fix: 'Set up an authenticator on your account page.',
      });
    }
    if (permits(caller, operation.permission)) return;
    await recordRefusal(operation, actor);
    throw new Failure('forbidden', `Your role, ${caller.role}, does not allow this (${operation.permission}).`, {
      fix: 'Ask an admin of your organization to do it, or to change your role.',
    });
  }

  /** On its own: what was refused is kept even though nothing was done. */
  async function recordRefusal(operation: Operation, actor: Actor): Promise<void> {
    const { caller } = actor;
    if (caller === null) return;
    await within(database, caller.organization, (stores) => audit(stores, operation, actor, {}, true));
  }

  /** Of what nobody known did no organization could keep an entry, but for tries to sign in. */
  async function audit(stores: Stores, operation: Operation, actor: Actor, note: AuditNote, refused: boolean) {
    const by = note.by ?? actor.caller;
    if (by === null) {
      if (note.stranger !== undefined) await strangers.tell(stores, operation.name, actor, note.stranger);
      return;
    }
    await stores.audit.append({
      id: services.ambient.ids.next('aud'),
      organization: by.organization,
      at: services.ambient.clock.now(),
      actor: actor.caller?.actedBy?.member ?? by.member,
      action: operation.name,
      subject: note.subject ?? null,
      outcome: refused ? 'refused' : 'done',
      detail: { ...note.detail, ...whoOf(actor), from: actor.address, request: actor.requestId },
    });
  }

  return execute as Execute;
}

function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'forbidden';
}

/** In which role; as whom, where somebody acts as the member; and with which key, where it was one. */
function whoOf({ caller }: Actor): Readonly<Record<string, unknown>> {
  if (caller === null) return {};
  const { role, actedBy, token } = caller;
  if (actedBy !== undefined) return { role: actedBy.role, as: caller.member, impersonation: actedBy.impersonation };
  return token === null ? { role } : { role, key: token };
}

/** The database takes no such text. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name.includes('\0') || holdsNul(inner));
}

/** A misspelt member would otherwise be dropped in silence, and a token meant to expire would never do so. */
const strictInputs = new Map<Operation, z.ZodType>(
  Object.values(operations).map((operation) => [operation, operation.input.strict()]),
);

function parseInput(operation: Operation, given: unknown): unknown {
  const parsed = (strictInputs.get(operation) ?? operation.input).safeParse(given);
  if (parsed.success) {
    if (!holdsNul(parsed.data)) return parsed.data;
    throw new Failure('invalid_params', 'The input holds a NUL character, which nothing here can be called.');
  }
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = issues[0];
  const detail =
    first === undefined ? 'The input was not accepted.' : `${first.path || 'The input'}: ${first.message}.`;
  throw new Failure('invalid_params', detail, { issues });
}
