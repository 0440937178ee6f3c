import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubUrl, isReadableOnTheWay } from './hub-url.ts';

test('one hub has one spelling', () => {
  assert.equal(hubUrl('http://127.0.0.1:7717/'), 'http://127.0.0.1:7717');
  assert.equal(hubUrl('HTTPS://MCP.example.org/mcp'), 'https://mcp.example.org');
  assert.equal(hubUrl('https://example.org/tools/api/v1/'), 'https://example.org/tools');
  assert.equal(hubUrl('mcp.example.org'), 'https://mcp.example.org');
});

test('what is no address of a hub is refused without repeating a password', () => {
  for (const wrong of ['', 'ftp://a', 'http://', 'a b']) assert.throws(() => hubUrl(wrong), { exit: 'usage' });
  assert.throws(
    () => hubUrl('https://ada:hush@example.org'),
    (error: Error) => !error.message.includes('hush'),
  );
});

test('only http beyond this machine can be read on the way', () => {
  assert.equal(isReadableOnTheWay('http://10.0.0.1:7717'), true);
  for (const safe of ['http://127.0.0.1:7717', 'http://localhost', 'http://[::1]:1', 'https://a.example']) {
    assert.equal(isReadableOnTheWay(safe), false);
  }
});
