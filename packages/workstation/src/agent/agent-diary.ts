// What the agent did last, for `status`, the local page and the person who reads its log. Holds no secret and no message.
import { readJson, writeJson } from '../state/json-file.ts';

export interface AgentState {
  readonly pid: number;
  readonly startedAt: number;
  /** Milliseconds since the epoch; null: never. */
  readonly polledAt: number | null;
  readonly scannedAt: number | null;
  readonly forwarded: number;
  /** Version of the bundle that holds. */
  readonly bundle: number | null;
  /** The hub's clock less this computer's, in milliseconds. */
  readonly ahead: number;
  /** What went wrong last, while it is so. */
  readonly problem: string | null;
  readonly refusedBundle: string | null;
  readonly isRevoked: boolean;
}

export interface AgentDiary {
  note(text: string): void;
  lines(): readonly string[];
  polled(ahead: number): Promise<void>;
  holds(version: number): Promise<void>;
  refused(text: string): Promise<void>;
  scanned(at: number): Promise<void>;
  forwarded(items: number): Promise<void>;
  failed(text: string): Promise<void>;
  revoked(text: string): Promise<void>;
}

export interface DiaryDeps {
  readonly path: string;
  readonly pid: number;
  now(): number;
  say(text: string): void;
}

const mostLines = 500;

export function createAgentDiary({ path, pid, now, say }: DiaryDeps): AgentDiary {
  const lines: string[] = [];
  let current: AgentState = {
    ...{ pid, startedAt: now(), polledAt: null, scannedAt: null, forwarded: 0, bundle: null, ahead: 0 },
    ...{ problem: null, refusedBundle: null, isRevoked: false },
  };
  let writing: Promise<void> = Promise.resolve();

  function note(text: string): void {
    lines.push(`${new Date(now()).toISOString()} ${text}`);
    if (lines.length > mostLines) lines.shift();
    say(text);
  }

  /** A disk that is full must not stop the agent. */
  function change(part: Partial<AgentState>): Promise<void> {
    current = { ...current, ...part };
    const next = current;
    writing = writing.then(() => writeJson(path, next)).catch(() => undefined);
    return writing;
  }

  return {
    note,
    lines: () => lines,
    polled(ahead) {
      if (current.problem !== null) note('The hub answers again.');
      if (Math.abs(ahead) > 60_000 && Math.abs(current.ahead) <= 60_000) {
        note(`This computer’s clock and the hub’s are ${Math.round(Math.abs(ahead) / 1000)} seconds apart.`);
      }
      return change({ polledAt: now(), ahead, problem: null });
    },
    holds(version) {
      note(`The policies of version ${version} hold.`);
      return change({ bundle: version, refusedBundle: null });
    },
    refused(text) {
      if (text !== current.refusedBundle) note(text);
      return change({ refusedBundle: text });
    },
    scanned(at) {
      note('Scanned this computer, and reported it.');
      return change({ scannedAt: at });
    },
    forwarded: (items) => change({ forwarded: current.forwarded + items }),
    failed(text) {
      if (text !== current.problem) note(text);
      return change({ problem: text });
    },
    revoked(text) {
      note(`The hub no longer accepts this computer: ${text}`);
      return change({ isRevoked: true, problem: text });
    },
  };
}

/** null where no agent ever ran. */
export async function readAgentState(path: string): Promise<AgentState | null> {
  return ((await readJson(path).catch(() => undefined)) as AgentState | undefined) ?? null;
}
