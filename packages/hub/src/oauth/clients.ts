// Who can be a client, and what of its own description is believed. What lies on a member's computer keeps no
// secret, so none is given out: a client proves itself with a key of its own (private_key_jwt), or not at all.
import { commandLine } from '@mcpvault/contract/command-line';
import type { Client } from 'oidc-provider';

export const firstPartyClients = [
  {
    client_id: commandLine.client,
    client_name: 'MCPVault command line',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    response_types: [],
    redirect_uris: [],
  },
];

const grantTypes = new Set([
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
]);

/** What of a client's description is taken over; the rest is of no use here, or would only be refused. */
const kept = [
  'client_id',
  'client_name',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'contacts',
  'redirect_uris',
  'software_id',
  'software_version',
  'jwks',
] as const;

/** Not an object: given back as it is, for the library to refuse. */
export function tidiedMetadata(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const said = given as Readonly<Record<string, unknown>>;
  const taken = Object.fromEntries(kept.filter((name) => said[name] !== undefined).map((name) => [name, said[name]]));
  const asked = Array.isArray(said['grant_types']) ? said['grant_types'] : ['authorization_code', 'refresh_token'];
  const known = asked.filter((type): type is string => grantTypes.has(String(type)));
  const grants = known.length === 0 ? ['authorization_code', 'refresh_token'] : known;
  const signs = said['token_endpoint_auth_method'] === 'private_key_jwt' && said['jwks'] !== undefined;
  return {
    ...taken,
    // Kept, so that a document with a secret in it is refused.
    ...(said['client_secret'] === undefined ? {} : { client_secret: said['client_secret'] }),
    application_type: hasNative(said['redirect_uris']) ? 'native' : 'web',
    grant_types: grants,
    // Devices, and whom an identity provider lets in, are sent nowhere.
    response_types: grants.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: signs ? 'private_key_jwt' : 'none',
  };
}

/** On the computer where the client runs: http to itself, at any port, or a scheme of its own. */
function hasNative(uris: unknown): boolean {
  return Array.isArray(uris) && uris.some((uri) => typeof uri === 'string' && !uri.startsWith('https://'));
}

export function acceptableClient({ redirectUris = [] }: Client): boolean {
  return redirectUris.every((uri) => URL.canParse(uri) && !forbidden.has(new URL(uri).protocol));
}

const forbidden = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:']);
