import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('email', value);

test('addresses are found in sentences, lists and headers', () => {
  assert.deepEqual(found('Write to ada.lovelace+notes@mail.example.co.uk.'), ['ada.lovelace+notes@mail.example.co.uk']);
  assert.deepEqual(found(['Ada <ada@example.com>', 'b_b@x-y.org;c@d.io']), [
    'ada@example.com',
    'b_b@x-y.org',
    'c@d.io',
  ]);
  assert.deepEqual(found('mailto:ada@example.com?subject=x'), ['ada@example.com']);
  assert.deepEqual(found("https://x.example/?email=ada@example.com&to='b.b@x.io'"), ['ada@example.com', 'b.b@x.io']);
});

test('the letter of an escape before an address is no part of it', () => {
  assert.deepEqual(found('to:\nbob@example.com\tcc'), ['bob@example.com']);
  assert.deepEqual(found(JSON.stringify('to:\nbob@example.com')), ['bob@example.com']);
  assert.deepEqual(foundInJson('email', String.raw`["\u003cbob@example.com\u003e"]`), ['bob@example.com']);
});

test('an address in an object key is found', () => {
  assert.deepEqual(found({ 'ada@example.com': 1 }), ['ada@example.com']);
});

test('an address with an escaped at sign is found', () => {
  assert.deepEqual(foundInJson('email', String.raw`["ada\u0040example.com"]`), [String.raw`ada\u0040example.com`]);
});

test('letters beyond ASCII belong to an address, a sentence before it does not', () => {
  assert.deepEqual(found('Grüße an müller@bücher.example'), ['müller@bücher.example']);
  assert.deepEqual(found('请联系ada@example.com。'), ['ada@example.com']);
});

test('package versions, images, decorators, git addresses and user names in URLs are left alone', () => {
  for (const text of [
    'lodash@4.17.21 react@18.2.0-rc.1',
    'icon@2x.png',
    '@app.route("/") @types/node',
    'git@github.com:a/b.git',
    'https://user@example.com/x ssh://git@host.example/r',
    'postgres://u:pw@db.example/x',
    'user@localhost',
  ])
    assert.deepEqual(found(text), [], text);
});
