// Tasks of 2025-11-25, which its core has, and tasks of the extension to 2026-07-28, each in the words of the other.
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { walkArray } from '@mcpvault/protocol/jsonrpc/scan';
import type { RpcError } from './words.ts';

export const tasksExtension = 'io.modelcontextprotocol/tasks';
export const relatedTask = 'io.modelcontextprotocol/related-task';

/** A core task as the extension says it: flat, with times named by their unit. */
export function flatTask(task: ObjectText): ObjectText {
  return common(task)
    .set('ttlMs', task.get('ttl') ?? 'null')
    .set('pollIntervalMs', task.get('pollInterval'));
}

/** A task of the extension as the core says it. */
export function coreTask(task: ObjectText): ObjectText {
  return common(task)
    .set('ttl', task.get('ttlMs') ?? 'null')
    .set('pollInterval', task.get('pollIntervalMs'));
}

function common(task: ObjectText): ObjectText {
  const said = ObjectText.of(null);
  for (const name of ['taskId', 'status', 'statusMessage', 'createdAt', 'lastUpdatedAt'])
    said.set(name, task.get(name));
  return said;
}

export function taskParams(task: string): ObjectText {
  return ObjectText.of(null).set('taskId', JSON.stringify(task));
}

export function isOver(status: string | null): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Milliseconds until it is worth asking again. */
export function pollAfter(task: ObjectText): number {
  const wanted = task.value('pollIntervalMs') ?? task.value('pollInterval');
  return typeof wanted === 'number' ? Math.min(Math.max(wanted, 100), 30_000) : 1_000;
}

/** What a client that takes no tasks is told by a modern server. */
export const needsTasks: RpcError = {
  code: -32021,
  message: 'Missing required client capability',
  data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
};

/** The final result of a task, which says whose it is. */
export function resultOfTask(result: ObjectText, task: string): ObjectText {
  const meta = result.inner('_meta').set(relatedTask, JSON.stringify({ taskId: task }));
  return result.set('_meta', meta.toString());
}

/** Tools that a client of 2025-11-25 may call as tasks: the server decides whether it makes one. */
export function withTaskSupport(result: ObjectText): ObjectText {
  const tools = elementsOf(result.get('tools')).map((text) => {
    const tool = ObjectText.of(text);
    return tool.has('execution') ? text : tool.set('execution', '{"taskSupport":"optional"}').toString();
  });
  return result.has('tools') ? result.set('tools', `[${tools.join(',')}]`) : result;
}

/** Which tools of a list may or must be called as tasks. */
export function taskSupportIn(result: ObjectText): ReadonlyMap<string, TaskSupport> {
  const support = new Map<string, TaskSupport>();
  if (result.get('tools')?.includes('"taskSupport"') !== true) return support;
  for (const text of elementsOf(result.get('tools'))) {
    const tool = ObjectText.of(text);
    const said = tool.inner('execution').string('taskSupport');
    const name = tool.string('name');
    if (name !== null && (said === 'required' || said === 'optional')) support.set(name, said);
  }
  return support;
}

export type TaskSupport = 'required' | 'optional';

function elementsOf(array: string | null): readonly string[] {
  const elements: string[] = [];
  if (array?.startsWith('[') !== true) return elements;
  walkArray(array, 0, Number.POSITIVE_INFINITY, (_index, start, end) => void elements.push(array.slice(start, end)));
  return elements;
}
