import type { Exchange, Facts } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import type { Finding } from '../inspection/finding.ts';

/**
 * One question asked of a message. Pure: same exchange, facts and findings, same outcome. It calls no other stage; what
 * earlier stages found is handed to it.
 */
export type Judge = (exchange: Exchange, facts: Facts, findings: readonly Finding[]) => Outcome;

export interface Stage {
  readonly name: string;
  /** For the table in ARCHITECTURE.md: what it decides, in a few words. */
  readonly decides: string;
  /** Which layers run it. */
  readonly layers: readonly ('hub' | 'workstation')[];
  /** Asked of messages that travel to the server. */
  readonly call?: Judge;
  /** Asked of messages that travel to the client. */
  readonly result?: Judge;
}
