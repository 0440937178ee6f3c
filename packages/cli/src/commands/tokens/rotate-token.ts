import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { relativeTime } from '../../output/words.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { futureMoment } from '../moments.ts';

interface RotateOptions {
  readonly oldUntil?: string;
  readonly expires?: string;
}

export function rotateTokenCommand(host: Host): Command {
  const command = new Command('rotate')
    .description('Make a token that takes the place of another, which works on until a stated time')
    .argument('<token-id>', 'its id, from "mcpvault tokens list"; never the token itself')
    .option('--old-until <when>', 'how long the old one works on: a span such as 12h, or a time (default: a day)')
    .option('--expires <when>', 'when the new one ends (default: after as long as the old one was made for)')
    .action(action(host, rotateToken));
  return addExamples(command, {
    command: 'mcpvault tokens rotate tok_01k… --old-until 2h',
    does: 'Hand out the new one within two hours',
  });
}

async function rotateToken(run: Invocation, given: string, options: RotateOptions): Promise<void> {
  const id = checkedId('tok', given, 'mcpvault tokens list');
  const now = run.io.clock.now();
  const hub = await run.connect();
  const token = await hub.call('rotateToken', {
    id,
    ...(options.oldUntil !== undefined && { oldUntil: futureMoment(options.oldUntil, now) }),
    ...(options.expires !== undefined && { expiresAt: futureMoment(options.expires, now) }),
  });
  run.out.result(token, () => token.token);
  run.out.note(`This is shown once. The old one ends ${relativeTime(token.oldUntil, now)}.`);
}
