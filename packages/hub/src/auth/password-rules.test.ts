import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demandGoodPassword } from './password-rules.ts';

const ada = ['ada.lovelace@example.com', 'Ada Lovelace', 'Analytical Engines'];

test('passwords that leaked often, and what is close to one, are refused whatever their length', async () => {
  const bad = [
    'password1234',
    '123456789012',
    'qwertyuiop123',
    'P@ssw0rdP@ssw0rd',
    'iloveyouforever',
    'letmeinletmein',
  ];
  for (const password of [...bad, 'administrator1', 'aaaaaaaaaaaaaaaa', 'a'.repeat(200)]) {
    await assert.rejects(
      demandGoodPassword(password, ada),
      { code: 'invalid_params', message: /^password: / },
      password,
    );
  }
});

test('passwords made of their owner’s names or address are refused, and the refusal quotes neither', async () => {
  for (const password of ['adalovelace1815', 'Ada.Lovelace@Example.com', 'LovelaceAda!1', 'analytical12']) {
    await assert.rejects(demandGoodPassword(password, ada), (error: Error) => {
      assert.ok(!error.message.includes(password));
      return true;
    });
  }
});

test('a few words in a row are good, with or without capitals and signs', async () => {
  const good = ['correct horse battery', 'a long walk along the river', 'kx8#mQ2!vR9z', 'zwölf Boxkämpfer jagen'];
  for (const password of [...good, 'ada sails to distant harbours']) await demandGoodPassword(password, ada);
});
