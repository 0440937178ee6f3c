import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, withHome } from '../../testing/test-io.ts';

const lines = (...questions: unknown[]): string => questions.map((each) => `${JSON.stringify(each)}\n`).join('');

test('each line is answered with what was seen in it, and nothing of it is repeated', async () => {
  await withHome(async (home) => {
    const text = 'mail ada@example.com, é 4111 1111 1111 1111';
    const said = await run(['inspect', 'text'], { home, input: lines({ id: 'a', text }, { text: 'nothing here' }) });
    const [first, second] = said.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; findings: { detector: string; start: number; end: number }[] });
    const bytes = Buffer.from(text);
    assert.deepEqual(
      first?.findings.map(({ detector, start, end }) => [detector, bytes.toString('utf8', start, end)]),
      [
        ['email', 'ada@example.com'],
        ['payment-card', '4111 1111 1111 1111'],
      ],
    );
    assert.deepEqual(second, { id: 2, findings: [] });
    assert.doesNotMatch(said.out + said.err, /ada@|4111/);
  });
});

test('detectors may be chosen, and an unknown one is refused with the known ones', async () => {
  await withHome(async (home) => {
    const question = lines({ id: 1, text: 'ada@example.com from 203.0.113.77' });
    const chosen = await run(['inspect', 'text', '--detectors', 'network, email'], { home, input: question });
    assert.match(chosen.out, /"email".*"ip-address"/);
    const other = await run(['inspect', 'text', '--detectors', 'emails'], { home, input: question });
    assert.match(other.err, /emails.*secrets, cards/s);
  });
});
