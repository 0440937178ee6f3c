// How the command line makes itself known where it signs in through a browser: the same words on both sides.

export const commandLine = {
  /** Its OAuth client id. */
  client: 'mcpvault-cli',
  /** Carries a sign-in over to the hub's own kind; good for nothing else. */
  scope: 'sign-in',
  /** What it asks for, below the issuer. */
  resource: '/api',
} as const;
