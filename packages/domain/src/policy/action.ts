// What a policy does when its condition holds. Of several policies the strongest outcome counts: refuse over hold over edit
// over allow.

/**
 * What takes a finding's place, strongest first. `remove`: nothing. `replace`: a text of the policy's. `label`:
 * `[redacted:<detector>]`. `hash`: a keyed digest, the same for the same text in one organization. `tokenise`: a token that
 * becomes the text again in calls to the same server in the same session. `mask`: as many asterisks as there were characters.
 */
export const redactionStyles = ['remove', 'replace', 'label', 'hash', 'tokenise', 'mask'] as const;
export type RedactionStyle = (typeof redactionStyles)[number];

/** `token`: the credential that the message came with; `member`: whoever called, with whatever credential. */
export const quarantineWhats = ['tool', 'session', 'token', 'member'] as const;
export type QuarantineWhat = (typeof quarantineWhats)[number];

export type PolicyAction =
  | { readonly type: 'allow' }
  /** `code` is for machines, in letters, digits and `_`; left out it is `refused_by_policy`. */
  | { readonly type: 'refuse'; readonly code?: string; readonly message?: string }
  | {
      readonly type: 'hold';
      readonly message?: string;
      /** How many different people have to say yes; one where left out. */
      readonly approvers?: number;
      /** Who may: see `approverPattern`. Left out: who supervises the asker, and who may decide on all held calls. */
      readonly from?: readonly string[];
      /** For a decision. */
      readonly minutes?: number;
      /** No approval for a whole session. */
      readonly once?: boolean;
    }
  /** Edits what the policy's detectors found. `text` goes with `replace`. */
  | { readonly type: 'redact'; readonly style: RedactionStyle; readonly text?: string }
  /** `argument` is a JSON pointer into the arguments; objects on the way must be there. */
  | { readonly type: 'set'; readonly argument: string; readonly value: unknown }
  | { readonly type: 'unset'; readonly argument: string }
  /** A text that is added to what the tool answered. */
  | { readonly type: 'notice'; readonly text: string }
  /**
   * `of: session` labels the conversation from now on, for conditions to read as `session.labels`; `of: values` labels what
   * the policy’s detectors found in this result, or without detectors all that it says, for conditions on later calls that
   * repeat it to read as `flow.labels`.
   */
  | { readonly type: 'tag'; readonly tags: readonly string[]; readonly of?: 'message' | 'session' | 'values' }
  | { readonly type: 'alert'; readonly title?: string }
  /**
   * Nobody uses the tool, or this conversation, or what this token or member may use, until it is lifted or the minutes are
   * over. The message itself is refused.
   */
  | { readonly type: 'quarantine'; readonly what: QuarantineWhat; readonly minutes?: number };
