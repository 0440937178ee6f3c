// Tools for proofs that a message passes unharmed: one says any JSON text as its result, byte for byte (odd numbers, key
// order, unknown fields), the other tells exactly what the server was sent.

import type { Message, RudeTool } from './speaker.ts';

export const exactTools: readonly RudeTool[] = [
  {
    name: 'say',
    description: 'Has the given JSON text as its result',
    properties: { json: { type: 'string' } },
    call: () => '',
  },
  { name: 'heard', description: 'Tells the message that called it, as it came', call: () => '' },
];

/** The result's text, or undefined when the message calls neither tool. `came` is the message as it came. */
export function sayExactly({ method, params }: Message, came: string): string | undefined {
  if (method !== 'tools/call') return undefined;
  if (params?.name === 'say') return String(params.arguments?.json);
  if (params?.name === 'heard') return JSON.stringify({ content: [{ type: 'text', text: came }] });
  return undefined;
}
