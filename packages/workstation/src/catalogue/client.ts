// What is known of one AI client, as data. Types only; the tables are beside this file.
import type { DialectName } from './dialects.ts';
import type { SourceId } from './sources.ts';

export const platforms = ['macos', 'linux', 'windows'] as const;
export type Platform = (typeof platforms)[number];

/** `opaque` is there and read by the client, but cannot be read safely by anyone else: a script, an IDE's own XML. */
export type ConfigFormat = 'json' | 'jsonc' | 'json5' | 'yaml' | 'toml' | 'opaque';

/** How sure it is that the client looks there: its documentation or source was read, two others agree, one says so. */
export type Confidence = 'high' | 'medium' | 'low';

/** A pattern as in `clients.ts`; several where the client reads several. */
export type PathPattern = string | readonly string[];

export interface ConfigLocation {
  /** `user`, `project`, `managed`, …: for people and reports; unique only together with the path. */
  readonly scope: string;
  readonly path: PathPattern | Readonly<Partial<Record<Platform, PathPattern>>>;
  readonly format: ConfigFormat;
  /** Keys from the root to the container of servers; `*` any key; empty where the whole document is the container. */
  readonly pointer?: readonly string[];
  readonly dialect?: DialectName;
  /** Who may change the file; a member, where left out. */
  readonly writes?: 'administrator' | 'never';
  readonly confidence: Confidence;
  readonly sources: readonly SourceId[];
  /** What a person does for a change to take effect, where known: nothing, open a new session, restart the client. */
  readonly reload?: 'reload' | 'session' | 'restart';
}

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'superseded' | 'frozen' | 'discontinued';
  /** Paths whose existence says that the client is installed; `all` on every platform. */
  readonly detect: Readonly<Partial<Record<Platform | 'all', readonly string[]>>>;
  readonly locations: readonly ConfigLocation[];
  /** Its servers are in no file of this computer: they can be reported as not inspectable, never listed. */
  readonly elsewhere?: true;
}
