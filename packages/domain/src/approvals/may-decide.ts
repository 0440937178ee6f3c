// Who may say yes or no to a held call: whom its policies name, or else whoever answers for its asker, and who may for all;
// never the asker, nor whoever stands behind them.
import type { MemberId } from '../ids.ts';

/** What names an approver: `supervisor` (or lead), `role:` and `team:` with a name or id, or an e-mail address. */
export const approverPattern = /^(?:supervisor|(?:role|team):\S.{0,99}|[^\s@:]{1,100}@[^\s@]{1,150})$/;

export interface Decider {
  readonly member: MemberId;
  readonly email: string;
  /** The role’s id and its name. */
  readonly roles: readonly string[];
  /** Names and ids of their teams. */
  readonly teams: readonly string[];
  /** May decide on the calls of everybody. */
  readonly decidesAll: boolean;
  /** Is the asker’s supervisor, directly or not, or leads a team of theirs. */
  readonly supervises: boolean;
}

export interface Decidable {
  /** Who asked, who acted as them, and who stands behind a service account. */
  readonly excluded: readonly MemberId[];
  /** As in `ApprovalTerms`. */
  readonly from: readonly (readonly string[])[];
}

/** null when they may; else why not. */
export function whyNotDecide({ excluded, from }: Decidable, decider: Decider): string | null {
  if (excluded.includes(decider.member)) return 'Nobody approves what they asked for themselves.';
  if (from.length === 0) {
    return decider.decidesAll || decider.supervises
      ? null
      : 'Only who supervises the asker, or may decide on all calls.';
  }
  return from.every((names) => names.some((name) => isNamed(name, decider)))
    ? null
    : 'The policy names others who decide on this.';
}

function isNamed(name: string, { email, roles, teams, supervises }: Decider): boolean {
  if (name === 'supervisor') return supervises;
  const [kind, rest] = [name.slice(0, 5), name.slice(5)];
  if (kind === 'role:') return roles.includes(rest);
  if (kind === 'team:') return teams.includes(rest);
  return name.toLowerCase() === email.toLowerCase();
}
