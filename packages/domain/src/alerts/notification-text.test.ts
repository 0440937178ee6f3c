import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Notification } from './notification.ts';
import { chatText, plainText, slackText, subjectOf } from './notification-text.ts';

function told(title: string, text = ''): Notification {
  return {
    ...{ id: 'ntf_1', organization: 'org_a', type: 'alert.raised', at: 1, severity: 'high', title, text },
    ...{ policy: null, server: null, alert: 'alt_1', people: [], link: '/alerts/alt_1', data: {} },
  };
}

test('one reads as its severity, title, text and link; several stand below each other, and many are counted', () => {
  assert.equal(
    plainText([told('Seen', 'Twice')], 'https://vault.example'),
    '[high] Seen\nTwice\nhttps://vault.example/alerts/alt_1',
  );
  const many = Array.from({ length: 25 }, (_, number) => told(`No ${number}`));
  assert.match(plainText(many, ''), /No 19\n\/alerts\/alt_1\n\nAnd 5 more\.$/);
  assert.equal(subjectOf(many), 'MCPVault [high] No 0 (and 24 more)');
});

test('nobody is mentioned, linked or spoofed by the names that callers and servers choose', () => {
  const hostile = told('<!channel> @everyone [safe](https://evil.example) <https://evil.example|click> `x`', '@here');
  const slack = slackText([hostile], 'https://vault.example');
  assert.equal(/<[!@#h]/.test(slack), false);
  const chat = chatText([hostile], 'https://vault.example');
  assert.equal(/@(everyone|here)|\]\(|https:\/\/evil/.test(chat), false);
  assert.match(chat, /\nhttps:\/\/vault\.example\/alerts\/alt_1$/);
});

test('a title is one line without control characters, and bounded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (title) => {
      const subject = subjectOf([told(title)]);
      assert.equal(/[\r\n\0\u202e\u2028]/.test(subject), false);
      assert.ok(subject.length < 300);
      assert.ok(subject.isWellFormed());
    }),
  );
  assert.equal(subjectOf([told('a\r\nBcc: all@example.org\u202e\0')]), 'MCPVault [high] a Bcc: all@example.org');
});
