// The API as one graph: from the organization to its teams, their members and the servers that these may use, as far as whoever
// asks may see, and no further than one request may go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiError, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const password = 'a password that is long enough';
let hub: Hub;
let plain: string;

before(async () => {
  hub = await startHub();
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/members', {
    ...{ email: 'anna@example.com', name: 'Anna', password },
  });
  plain = (await hub.signIn('anna@example.com', password)).accessToken;
  const transport = { type: 'stdio', command: process.execPath, args: ['-e', ''] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'files', transport });
  await hub.api('POST', '/api/v1/teams', { name: 'core', members: [id] });
  await hub.api('POST', '/api/v1/grants', { subject: { type: 'member', id }, server: 'files' });
});
after(() => hub[Symbol.asyncDispose]());

interface Answer {
  readonly data: { readonly me: { readonly organization: { readonly teams: object | null } } };
  readonly errors?: readonly { readonly path: readonly string[]; readonly extensions: { readonly code: string } }[];
}

const nested = `{ me { organization { teams { items {
  name members { name grants { items { server { name details { enabled } } } } }
} } } } }`;

test('one question goes from the organization over teams and members to servers, as far as a role allows', async () => {
  verifies('MV-README-026', 'MV-REQ-090');
  const seen = await hub.api<Answer>('POST', '/api/v1/graphql', { query: nested });
  assert.equal(seen.errors, undefined);
  const server = { name: 'files', details: { enabled: true } };
  assert.deepEqual(seen.data.me.organization.teams, {
    items: [{ name: 'core', members: [{ name: 'Anna', grants: { items: [{ server }] } }] }],
  });
  const refused = await hub.api<Answer>('POST', '/api/v1/graphql', { query: nested }, plain);
  assert.equal(refused.data.me.organization.teams, null);
  assert.deepEqual(
    refused.errors?.map(({ path, extensions }) => [path.join('.'), extensions.code]),
    [['me.organization.teams', 'forbidden']],
  );
});

test('a question that goes too deep, or asks the same too often, is refused; without a sign-in there is none', async () => {
  const deep = `{ me { member { ${'supervisor { profile { '.repeat(10)}id${' } }'.repeat(10)} } } }`;
  const often = `{ ${Array.from({ length: 51 }, (_, index) => `a${index}: me { __typename }`).join(' ')} }`;
  for (const query of [deep, often]) {
    await assert.rejects(
      hub.api('POST', '/api/v1/graphql', { query }),
      (error) => error instanceof ApiError && error.status === 400,
    );
  }
  await assert.rejects(
    hub.api('POST', '/api/v1/graphql', { query: '{ __schema { types { name } } }' }, null),
    (error) => error instanceof ApiError && error.status === 401,
  );
});
