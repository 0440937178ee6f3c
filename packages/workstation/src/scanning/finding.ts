// What a scan has to say about a place in a client's config. A finding names kind and place; the value it is about never
// leaves the file.

export type Severity = 'error' | 'warning' | 'note';

/** Every kind of finding: how bad it is where nothing else was decided, and what to do about it. */
export const findingKinds = {
  unmanaged: { severity: 'note', fix: 'Adopt it: mcpvault workstation adopt' },
  'secret-in-plain-sight': {
    severity: 'error',
    fix: 'Adopt the server, or move the value into a variable or the keychain, and replace the secret: it has been readable.',
  },
  'unpinned-package': {
    severity: 'warning',
    fix: 'Name one exact version, so that what runs tomorrow is what runs today.',
  },
  'remote-in-disguise': {
    severity: 'warning',
    fix: 'Use the address itself: the program only passes everything on to it.',
  },
  'hidden-in-shell': { severity: 'warning', fix: 'Name the program itself as the command, with its arguments.' },
  'broad-mount': { severity: 'warning', fix: 'Mount only the folder that the server needs.' },
  'container-privileges': { severity: 'warning', fix: 'Take the rights away: they undo what the container is for.' },
  'plain-http': { severity: 'warning', fix: 'Use https: everything on the way can read and change what travels.' },
  'look-alike': { severity: 'error', fix: 'Compare the name with the one its makers publish, character by character.' },
  'runs-code': { severity: 'warning', fix: 'Replace the expression by its value: the client runs it at every start.' },
  'trusts-all': { severity: 'warning', fix: 'Let the client ask before it calls a tool.' },
  'duplicate-server': { severity: 'note', fix: 'Keep one of them: a client runs both.' },
  'same-name-twice': { severity: 'warning', fix: 'Rename one of them, or remove it: only one of them counts.' },
  'invalid-entry': { severity: 'note', fix: 'Mend the entry, or remove it.' },
  'lenient-syntax': { severity: 'note', fix: 'Take out comments and trailing commas: the client’s format has none.' },
  'duplicate-key': { severity: 'error', fix: 'Remove one of the two: readers disagree on which one counts.' },
  'unreadable-config': {
    severity: 'warning',
    fix: 'Mend or open the file, then scan again: nobody knows what it holds.',
  },
  'not-inspectable': { severity: 'note', fix: 'Look inside the client itself; no file can be read for it.' },
} as const satisfies Readonly<Record<string, { readonly severity: Severity; readonly fix: string }>>;

export type FindingCode = keyof typeof findingKinds;

export interface ScanFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What the client calls the server it is about; undefined when it is about the file. */
  readonly server?: string;
  /** JSON pointer into the file. */
  readonly place: string;
  /** What was seen, such as the kind of a secret; never a value. */
  readonly kind?: string;
  /** 0 to 1, where it is a guess. */
  readonly confidence?: number;
  /** For people; holds no secret. */
  readonly message: string;
  readonly fix: string;
}

type Said = Pick<ScanFinding, 'place' | 'message'> & Partial<Pick<ScanFinding, 'server' | 'kind' | 'confidence'>>;

export function finding(code: FindingCode, said: Said): ScanFinding {
  return { code, ...findingKinds[code], ...said };
}
