// How MCPVault signs in at a server, while it is being written in a form. Pure.
import type { Input, Output } from '../../api/hub.ts';

export const authChoices = [
  { value: 'none', label: 'None' },
  { value: 'per-member', label: 'Each member' },
  { value: 'shared', label: 'One for all' },
  { value: 'machine', label: 'MCPVault itself' },
] as const;

export type AuthChoice = (typeof authChoices)[number]['value'];

export interface AuthDraft {
  readonly choice: AuthChoice;
  readonly clientId: string;
  /** Empty: the stored one, where there is one. */
  readonly clientSecret: string;
  readonly hasSecret: boolean;
  readonly hasKey: boolean;
  /** Under which the secret is stored; another client has none yet. */
  readonly storedId: string;
  readonly scopes: string;
  readonly omitResource: boolean;
}

type Stored = NonNullable<Extract<NonNullable<Output<'getServer'>['transport']>, { readonly url: string }>['auth']>;
type Changed = NonNullable<Extract<NonNullable<Input<'updateServer'>['transport']>, { readonly url: string }>['auth']>;
type New = NonNullable<Extract<Input<'createServer'>['transport'], { readonly url: string }>['auth']>;

export const noAuth: AuthDraft = {
  choice: 'none',
  clientId: '',
  clientSecret: '',
  hasSecret: false,
  hasKey: false,
  storedId: '',
  scopes: '',
  omitResource: false,
};

export function authDraftOf(stored: Stored | undefined): AuthDraft {
  if (stored === undefined) return noAuth;
  const { mode, grant, client, scopes, omitResource } = stored;
  return {
    choice: grant === 'client-credentials' ? 'machine' : mode,
    clientId: client?.id ?? '',
    clientSecret: '',
    hasSecret: client?.hasSecret ?? false,
    hasKey: client?.hasKey ?? false,
    storedId: client?.id ?? '',
    scopes: scopes.join(' '),
    omitResource,
  };
}

export function newAuth(draft: AuthDraft): { auth?: New } {
  if (draft.choice === 'none') return {};
  const id = draft.clientId.trim();
  const secret = draft.clientSecret === '' ? {} : { secret: draft.clientSecret };
  return { auth: { ...common(draft), ...(id === '' ? {} : { client: { id, ...secret } }) } };
}

/** What is stored of a client and not written anew is kept. */
export function changedAuth(draft: AuthDraft): { auth?: Changed } {
  if (draft.choice === 'none') return {};
  const id = draft.clientId.trim();
  const isSame = id === draft.storedId;
  const secret =
    draft.clientSecret !== '' ? { secret: draft.clientSecret } : isSame && draft.hasSecret ? { secret: null } : {};
  const key = isSame && draft.hasKey ? { key: null } : {};
  return { auth: { ...common(draft), ...(id === '' ? {} : { client: { id, ...secret, ...key } }) } };
}

function common({ choice, scopes, omitResource }: AuthDraft) {
  const named = scopes.split(/\s+/).filter((scope) => scope !== '');
  return {
    mode: choice === 'per-member' ? ('per-member' as const) : ('shared' as const),
    grant: choice === 'machine' ? ('client-credentials' as const) : ('authorization-code' as const),
    ...(named.length === 0 ? {} : { scopes: named }),
    ...(omitResource ? { omitResource } : {}),
  };
}
