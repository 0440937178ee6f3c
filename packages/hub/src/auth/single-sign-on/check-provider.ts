// The test button of an identity provider: one step after the other, each saying what was tried and exactly what is wrong.
// It passes on nothing that the provider wrote but URLs it publishes and error codes.
import type { OutboundFetch, OutboundInit } from '@mcpvault/gateway/outbound/outbound-fetch';
import { errorCode, networkProblem } from './provider-failure.ts';
import { isOwnMachine, type OpenProvider, signatureAlgorithms } from './provider-client.ts';

export interface Step {
  readonly name: string;
  readonly outcome: 'ok' | 'warning' | 'failed';
  readonly text: string;
  readonly fix: string | null;
}

interface Metadata {
  readonly issuer?: unknown;
  readonly authorization_endpoint?: unknown;
  readonly token_endpoint?: unknown;
  readonly jwks_uri?: unknown;
  readonly response_types_supported?: unknown;
  readonly code_challenge_methods_supported?: unknown;
  readonly id_token_signing_alg_values_supported?: unknown;
  readonly scopes_supported?: unknown;
  readonly token_endpoint_auth_methods_supported?: unknown;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export async function checkProvider(provider: OpenProvider, fetch: OutboundFetch): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const address = new URL(provider.issuer);
  if (address.protocol !== 'https:' && !isOwnMachine(address)) {
    return [failed('Address', 'It is not encrypted.', 'Use an address that begins with https://.')];
  }
  const metadata = await discover(provider, fetch, steps);
  if (metadata === null) return steps;
  steps.push(issuerStep(metadata, address));
  const endpoints = endpointsOf(metadata, steps);
  steps.push(flowStep(metadata), scopesStep(metadata, provider));
  if (endpoints === null) return steps;
  steps.push(await keysStep(metadata, endpoints.keys, fetch));
  steps.push(await clientStep(provider, metadata, endpoints.token, fetch));
  steps.push(await wayBackStep(provider, endpoints.authorization, fetch));
  return steps;
}

async function discover(provider: OpenProvider, fetch: OutboundFetch, steps: Step[]): Promise<Metadata | null> {
  const url = `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await ask(fetch, url, { headers: { accept: 'application/json' } });
  const name = 'Discovery';
  if (typeof answer === 'string') {
    steps.push(failed(name, `${url}: ${answer}`, 'Check the address, and that this hub may reach it.'));
    return null;
  }
  if (answer.status !== 200 || typeof answer.body !== 'object' || answer.body === null) {
    const what = answer.status === 200 ? 'what came is no JSON object' : `the answer has status ${answer.status}`;
    const fix = 'Use the issuer as the provider writes it; its configuration lies below it.';
    steps.push(failed(name, `${url}: ${what}.`, fix));
    return null;
  }
  steps.push(ok(name, `${url} answers.`));
  return answer.body;
}

function issuerStep({ issuer }: Metadata, address: URL): Step {
  const said = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer).href : null;
  if (said === address.href) return ok('Issuer', `It calls itself ${said}.`);
  const text =
    said === null ? 'It does not say who it is.' : `It calls itself ${said.slice(0, 300)}, not ${address.href}.`;
  return failed('Issuer', text, 'Write the issuer exactly as the provider does, with its own directory in it.');
}

interface Endpoints {
  readonly authorization: URL;
  readonly token: URL;
  readonly keys: URL;
}

function endpointsOf(metadata: Metadata, steps: Step[]): Endpoints | null {
  const authorization = urlIn(metadata.authorization_endpoint);
  const token = urlIn(metadata.token_endpoint);
  const keys = urlIn(metadata.jwks_uri);
  if (authorization !== null && token !== null && keys !== null) {
    steps.push(ok('Endpoints', 'It names those for signing in, for tokens and for keys.'));
    return { authorization, token, keys };
  }
  const missing = [
    ...(authorization === null ? ['authorization_endpoint'] : []),
    ...(token === null ? ['token_endpoint'] : []),
    ...(keys === null ? ['jwks_uri'] : []),
  ];
  steps.push(failed('Endpoints', `Missing or not encrypted: ${missing.join(', ')}.`, 'Is it an OpenID provider?'));
  return null;
}

function flowStep(metadata: Metadata): Step {
  const types = textsIn(metadata.response_types_supported);
  if (types !== null && !types.includes('code')) {
    return failed('Code flow', 'It does not offer the code flow.', 'Allow it for this application.');
  }
  const methods = textsIn(metadata.code_challenge_methods_supported);
  if (methods !== null && methods.includes('S256')) return ok('Code flow', 'It offers the code flow with PKCE.');
  return {
    name: 'Code flow',
    outcome: 'warning',
    text: 'It offers the code flow and does not say that it knows PKCE, which this hub uses always.',
    fix: null,
  };
}

function scopesStep({ scopes_supported: supported }: Metadata, { scopes }: OpenProvider): Step {
  const known = textsIn(supported);
  const unknown = known === null ? [] : ['openid', ...scopes].filter((scope) => !known.includes(scope));
  if (unknown.length === 0) return ok('Scopes', `Asked for: ${['openid', ...scopes].join(' ')}.`);
  const text = `It does not list ${unknown.join(' ')}, and may refuse to sign anybody in who asks for it.`;
  return { name: 'Scopes', outcome: 'warning', text, fix: 'Leave them out, or allow them there.' };
}

async function keysStep(metadata: Metadata, url: URL, fetch: OutboundFetch): Promise<Step> {
  const name = 'Keys';
  const offered = textsIn(metadata.id_token_signing_alg_values_supported) ?? ['RS256'];
  const usable = offered.filter((algorithm) => signatureAlgorithms.includes(algorithm));
  if (usable.length === 0) {
    return failed(
      name,
      'It signs ID tokens in no way that is accepted.',
      `Accepted: ${signatureAlgorithms.join(' ')}.`,
    );
  }
  const answer = await ask(fetch, url.href, { headers: { accept: 'application/json' } });
  if (typeof answer === 'string') return failed(name, `${url.href}: ${answer}`, null);
  const keys = typeof answer.body === 'object' && answer.body !== null ? Reflect.get(answer.body, 'keys') : undefined;
  const count = Array.isArray(keys) ? keys.filter(isSigningKey).length : 0;
  if (answer.status === 200 && count > 0)
    return ok(name, `It publishes ${count === 1 ? 'a key' : `${count} keys`} for signatures (${usable.join(' ')}).`);
  return failed(name, `${url.href} has no key for signatures (status ${answer.status}).`, null);
}

function isSigningKey(key: unknown): boolean {
  if (typeof key !== 'object' || key === null) return false;
  const use: unknown = Reflect.get(key, 'use');
  const kind: unknown = Reflect.get(key, 'kty');
  return (use === undefined || use === 'sig') && (kind === 'RSA' || kind === 'EC' || kind === 'OKP');
}

/** A code that nobody was given: a provider that knows the client complains about the code only. */
async function clientStep(
  { clientId, clientSecret, redirectUri }: OpenProvider,
  { token_endpoint_auth_methods_supported: supported }: Metadata,
  url: URL,
  fetch: OutboundFetch,
): Promise<Step> {
  const name = 'Client';
  const methods = textsIn(supported);
  const byHeader = clientSecret !== null && (methods === null || methods.includes('client_secret_basic'));
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: 'made-up-to-test-the-client',
    redirect_uri: redirectUri,
    code_verifier: 'made-up-to-test-the-client-made-up-to-test-the-client',
    ...(byHeader ? {} : { client_id: clientId }),
    ...(clientSecret !== null && !byHeader ? { client_secret: clientSecret } : {}),
  });
  const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret ?? '')}`);
  const answer = await ask(fetch, url.href, {
    method: 'POST',
    body: body.toString(),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(byHeader ? { authorization: `Basic ${credentials.toString('base64')}` } : {}),
    },
  });
  if (typeof answer === 'string') return failed(name, `${url.href}: ${answer}`, null);
  const code = typeof answer.body === 'object' && answer.body !== null ? Reflect.get(answer.body, 'error') : undefined;
  if (code === 'invalid_grant') return ok(name, 'It knows the client, and its secret is right.');
  if (code === 'invalid_client' || answer.status === 401) {
    const fix =
      clientSecret === null
        ? 'Does this client have a secret?'
        : 'Check client id and secret, and whether the secret has expired.';
    return failed(name, `It refuses the client (${errorCode(code)}).`, fix);
  }
  const text = `It answered a made-up code with ${errorCode(code)} (status ${answer.status}): whether the secret is right could not be told.`;
  return { name, outcome: 'warning', text, fix: null };
}

/** Without a person nobody is signed in; what matters is whether the question itself is accepted. */
async function wayBackStep(provider: OpenProvider, url: URL, fetch: OutboundFetch): Promise<Step> {
  const name = 'Way back';
  const asked = new URL(url);
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: provider.redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: 'test',
    nonce: 'test',
    prompt: 'none',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  };
  for (const [parameter, value] of Object.entries(parameters)) asked.searchParams.set(parameter, value);
  const answer = await ask(fetch, asked.href, {});
  const register = `Register ${provider.redirectUri} as a redirect URI of this client.`;
  if (typeof answer === 'string') return failed(name, `${url.href}: ${answer}`, null);
  const location = answer.headers.get('location') ?? '';
  if (location.startsWith(`${provider.redirectUri}?`))
    return ok(name, `It sends people back to ${provider.redirectUri}.`);
  if (answer.status >= 400) return failed(name, `It refuses to begin a sign-in (status ${answer.status}).`, register);
  const text = 'It accepts the question and shows a page; whether it sends people back could not be told.';
  return { name, outcome: 'warning', text, fix: register };
}

/** What went wrong on the way as text. */
async function ask(fetch: OutboundFetch, url: string, init: OutboundInit): Promise<Answer | string> {
  try {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  } catch (error) {
    return networkProblem(error) ?? 'It could not be asked.';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function urlIn(value: unknown): URL | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === 'https:' || isOwnMachine(url) ? url : null;
}

function textsIn(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}

function ok(name: string, text: string): Step {
  return { name, outcome: 'ok', text, fix: null };
}

function failed(name: string, text: string, fix: string | null): Step {
  return { name, outcome: 'failed', text, fix };
}
