// For the tests of detectors: what one of them finds, as the text that its findings cover.

import { compileInspector } from '../inspect.ts';

/** The matched texts, as they are written in the JSON, of a value that is sent as a tool's argument. */
export function foundBy(detectorOrGroup: string, value: unknown): string[] {
  return foundInJson(detectorOrGroup, JSON.stringify({ params: { arguments: value } }));
}

export function foundInJson(detectorOrGroup: string, json: string): string[] {
  const raw = Buffer.from(json);
  return compileInspector([detectorOrGroup])
    .inspect(raw)
    .map(({ start, end }) => raw.toString('utf8', start, end));
}
