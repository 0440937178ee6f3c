import { Failure } from '@mcpvault/domain/failure';
import { type Challenge, readChallenge } from './authorization/challenge.ts';

/** A server refused what MCPVault sent to prove itself. What the server asked for is not among the details. */
export class CredentialRefused extends Failure {
  readonly status: number;
  readonly challenge: Challenge | null;

  constructor(server: string, status: number, header: string | null) {
    const fix = 'an admin should check the headers of this server, or how members sign in there';
    super('upstream_unavailable', `the server "${server}" refused MCPVault's credentials (HTTP ${status}); ${fix}`);
    this.name = 'CredentialRefused';
    this.status = status;
    this.challenge = readChallenge(header);
  }
}
