// What a modern client asks about a task that a legacy server runs: state, result and questions in one answer.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { type ClientFacts, takesTasks } from './envelope.ts';
import type { LegacySession } from './legacy-session.ts';
import { decorated } from './results.ts';
import { flatTask, needsTasks, taskParams } from './task-words.ts';
import { errorIn, errorOf, resultIn, resultOf } from './words.ts';

/** An answer under whatever id. */
type Said = (id: string) => Message;

/** Milliseconds that a server gets to put the questions that it says it has. */
const questionsCome = 2_000;
const unknownTask = { code: -32602, message: 'there is no such task' };

/** Rejects with a `Failure` when the server cannot be asked. */
export async function answerAboutTask(
  session: LegacySession,
  method: string,
  params: ObjectText,
  facts: ClientFacts,
): Promise<Said> {
  if (!session.offersTasks) return (id) => errorOf(id, { code: -32601, message: 'the server runs no tasks' });
  if (!takesTasks(facts)) return (id) => errorOf(id, needsTasks);
  const task = params.string('taskId');
  if (task === null) return (id) => errorOf(id, { code: -32602, message: 'params.taskId must be a string' });
  const state = await session.query('tasks/get', taskParams(task));
  if (state.kind !== 'result') return (id) => errorOf(id, unknownTask);
  switch (method) {
    case 'tasks/get': {
      const detailed = await detailsOf(session, task, resultIn(state));
      return (id) => resultOf(id, decorated(method, detailed, session.serverInfo));
    }
    case 'tasks/update':
      session.watcherOf(task).pass(params.inner('inputResponses'));
      return acknowledged(session, method);
    default:
      // What has come to its end already cannot be cancelled, which is as good.
      await session.query('tasks/cancel', taskParams(task));
      return acknowledged(session, method);
  }
}

function acknowledged(session: LegacySession, method: string): Said {
  return (id) => resultOf(id, decorated(method, ObjectText.of(null), session.serverInfo));
}

/** The state of a task with what belongs to it. Rejects with a `Failure`. */
export async function detailsOf(session: LegacySession, task: string, core: ObjectText): Promise<ObjectText> {
  const flat = flatTask(core);
  switch (core.string('status')) {
    case 'completed':
    case 'failed': {
      const answer = await session.query('tasks/result', taskParams(task));
      if (answer.kind !== 'result') return flat.set('status', '"failed"').set('error', JSON.stringify(errorIn(answer)));
      // That a tool says of itself that it failed is a result, too.
      return flat.set('status', '"completed"').set('result', resultIn(answer).toString());
    }
    case 'input_required': {
      const questions = await questionsOf(session, task);
      if (questions.size === 0) return flat.set('status', '"working"');
      return flat.set('inputRequests', questions.toString());
    }
    default:
      return flat;
  }
}

/** A legacy server puts the questions of a task to whoever waits for its result. */
async function questionsOf(session: LegacySession, task: string): Promise<ObjectText> {
  const watcher = session.watcherOf(task);
  for (let waited = 0; watcher.waiting.size === 0 && waited < questionsCome; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return watcher.waiting;
}
