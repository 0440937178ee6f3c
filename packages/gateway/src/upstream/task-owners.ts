// Whose tasks the processes of a server run: a task id opens nothing for anybody but the member whose call made it.
import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';

export interface TaskOwner<Place> {
  readonly member: string;
  readonly conversation: string;
  /** Where the task runs. */
  readonly place: Place;
}

interface Known<Place> extends TaskOwner<Place> {
  /** Milliseconds since the epoch: as long as this its process is not ended for being idle. */
  until: number;
}

const mostTasks = 10_000;
/** Milliseconds that a task is thought to be running after somebody made it or asked for it. */
const lively = 3_600_000;
/** An answer that makes a task is short; a longer one is not looked through. */
const longestAnswer = 16 * 1024;

export class TaskOwners<Place> {
  readonly #owners = new Map<string, Known<Place>>();

  get(task: string | null, now: number): TaskOwner<Place> | null {
    const owner = task === null ? undefined : this.#owners.get(task);
    if (owner === undefined) return null;
    owner.until = now + lively;
    return owner;
  }

  /** Notes the task that an answer makes, if it makes one. A task that is known keeps its owner. */
  note(answer: Message, owner: TaskOwner<Place>, now: number): void {
    const task = taskMadeBy(answer);
    if (task === null || this.#owners.has(task)) return;
    this.#owners.set(task, { ...owner, until: now + lively });
    if (this.#owners.size <= mostTasks) return;
    for (const oldest of this.#owners.keys()) {
      this.#owners.delete(oldest);
      return;
    }
  }

  /** Where tasks of this member run; the latest last. */
  placesOf(member: string): ReadonlySet<Place> {
    return new Set([...this.#owners.values()].filter((owner) => owner.member === member).map(({ place }) => place));
  }

  /** A process has ended, and its tasks with it. */
  forget(place: Place): void {
    for (const [task, owner] of this.#owners) if (owner.place === place) this.#owners.delete(task);
  }

  /** True while tasks seem to run at this place. */
  runsAt(place: Place, now: number): boolean {
    for (const owner of this.#owners.values()) if (owner.place === place && owner.until > now) return true;
    return false;
  }
}

/** The id of the task that an answer to a call makes, in either dialect. */
function taskMadeBy(answer: Message): string | null {
  const { result, raw, text } = answer;
  if (result === null || raw.length > longestAnswer || !text.includes('"taskId"')) return null;
  try {
    const id = memberAt(text, memberAt(text, result, 'task') ?? result, 'taskId');
    const task = id === null ? null : answer.scalarAt(id);
    return typeof task === 'string' ? task : null;
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}
