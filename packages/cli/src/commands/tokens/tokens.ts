// `mcpvault tokens`: the credentials with which AI clients reach the hub.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { createTokenCommand } from './create-token.ts';
import { listTokensCommand } from './list-tokens.ts';
import { revokeTokenCommand } from './revoke-token.ts';
import { rotateTokenCommand } from './rotate-token.ts';

export function tokensCommand(host: Host): Command {
  return new Command('tokens')
    .description('Make, list, rotate and revoke tokens')
    .addCommand(listTokensCommand(host))
    .addCommand(createTokenCommand(host))
    .addCommand(rotateTokenCommand(host))
    .addCommand(revokeTokenCommand(host));
}
