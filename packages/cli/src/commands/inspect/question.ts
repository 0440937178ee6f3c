import { type Channel, channels } from '@mcpvault/domain/inspection/injection/injection-model';

export interface Question {
  /** Given back as it came; the line's number where there was none. */
  readonly id: unknown;
  readonly text: string;
  readonly channel: Channel;
}

/** Other words for the channels, as data sets have them. */
const alsoCalled: Readonly<Record<string, Channel>> = {
  argument: 'prompt',
  arguments: 'prompt',
  user: 'prompt',
  resource: 'result',
  tool_result: 'result',
  definition: 'description',
  tool_description: 'description',
};

/** null for an empty line. A problem never repeats anything of the line. */
export function readQuestion(line: Buffer | null, number: number): Question | { readonly problem: string } | null {
  if (line === null) return { problem: 'longer than 64 MiB; not read' };
  const written = line.toString('utf8').trim();
  if (written === '') return null;
  let read: unknown;
  try {
    read = JSON.parse(written);
  } catch {
    return { problem: 'not JSON; expected {"id": …, "text": "…", "channel": "prompt"}' };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return { problem: 'not a JSON object' };
  const { id = number, text, channel = 'prompt' } = read as { id?: unknown; text?: unknown; channel?: unknown };
  if (typeof text !== 'string') return { problem: '"text" is not a string' };
  const known =
    channels.find((each) => each === channel) ?? (typeof channel === 'string' ? alsoCalled[channel] : undefined);
  if (known === undefined) return { problem: `"channel" is none of ${channels.join(', ')}` };
  return { id, text, channel: known };
}
