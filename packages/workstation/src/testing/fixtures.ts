// The sample configs: what people’s files look like, with what a scan has to find in each.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Client, ConfigFormat } from '../catalogue/client.ts';
import { clients } from '../catalogue/clients.ts';

export interface Fixture {
  readonly file: string;
  readonly client: string;
  readonly format: ConfigFormat;
  readonly pointer: readonly string[] | null;
  readonly parse: string;
  readonly servers: readonly { readonly name: string; readonly transport: string; readonly disabled?: boolean }[];
  readonly secrets: readonly string[];
}

const folder = fileURLToPath(new URL('client-configs/', import.meta.url));

export const fixtures: readonly Fixture[] = (
  JSON.parse(readFileSync(`${folder}index.json`, 'utf8')) as { readonly files: readonly Fixture[] }
).files;

export function bytesOf({ file }: Fixture): Buffer {
  return readFileSync(`${folder}${file}`);
}

export function pathOf({ file }: Fixture): string {
  return `${folder}${file}`;
}

export function clientOf({ client }: Pick<Fixture, 'client'>): Client {
  const found = clients.find(({ id }) => id === client);
  if (found === undefined) throw new Error(`no client ${client}`);
  return found;
}
