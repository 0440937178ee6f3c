// What an operator should know at present; shown to admins on the overview.
import { dirname } from 'node:path';
import type { MasterKey } from '@mcpvault/store/master-key';
import type { JournalState } from '@mcpvault/gateway/recording/journal';
import { boundRole } from '@mcpvault/store/walls/raise-walls';
import type { Notice } from './services.ts';

export interface Circumstances {
  readonly masterKey: Pick<MasterKey, 'source'>;
  readonly dataFolder: string;
  readonly url: string;
  readonly journal: JournalState;
  /** Whether the database itself keeps organizations apart. */
  readonly isWalled: boolean;
}

const nearby = /^http:\/\/(127\.|localhost[:/]|localhost$|\[::1\])/;

export function noticesOf({ masterKey, dataFolder, url, journal, isWalled }: Circumstances): readonly Notice[] {
  const notices: Notice[] = [];
  if (journal.failing !== null) {
    notices.push({
      code: 'journal-failing',
      text: journal.failing,
      fix: 'Look at the disk of the data folder, and at the database.',
    });
  }
  if (journal.lost > 0) {
    const text = `${journal.lost} messages passed without being recorded since the hub started.`;
    notices.push({
      code: 'messages-lost',
      text,
      fix: 'Bring the database back, or have calls refused that cannot be written down: on the audit page, or MCPVAULT_JOURNAL_FULL=refuse.',
    });
  }
  if (!isWalled) {
    notices.push({
      code: 'no-second-wall',
      text: 'The database does not keep organizations apart by itself: its user may not make the role for that.',
      fix: `As an administrator of the database run: create role ${boundRole} nologin; grant ${boundRole} to the user of DATABASE_URL. Then start the hub again.`,
    });
  }
  if (dirname(masterKey.source) === dataFolder) {
    notices.push({
      code: 'key-file',
      text: `The key that seals the record lies in ${masterKey.source}, beside what it seals.`,
      fix: 'Keep a copy of it in a safe place, or give the key as MCPVAULT_MASTER_KEY instead. Without it the originals cannot be read again.',
    });
  }
  if (url.startsWith('http:') && !nearby.test(url)) {
    notices.push({
      code: 'no-tls',
      text: 'Clients reach this hub over plain http, so that their tokens can be read on the way.',
      fix: 'Put a proxy with TLS in front, and set MCPVAULT_PUBLIC_URL to its https address.',
    });
  }
  return notices;
}
