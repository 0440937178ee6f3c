// What a detector is. Detectors read messages as the Latin-1 view of their raw bytes (one character per byte, so offsets
// in the view are offsets in the bytes). They say what they saw and where; whether that matters is for policies.

export const detectorGroups = ['secrets', 'cards', 'email', 'personal', 'network', 'injection', 'structure'] as const;
export type DetectorGroup = (typeof detectorGroups)[number];

/** Offsets into the text that was handed to `judge`; `confidence` is 0 to 1. */
export type Report = (start: number, end: number, confidence: number) => void;

/**
 * Where looking closer is worth it: one character of `chars`, what stands before it, and what stands behind it. The
 * anchors of an inspector are searched together, so rare characters make cheap anchors.
 */
export interface Anchor {
  /** ASCII characters, any of them. */
  readonly chars: string;
  /** Literal text before the character. */
  readonly after?: string;
  /** A RegExp source for what stands before the character, with bounded repeats. */
  readonly behind?: string;
  /** A RegExp source for what follows the character, with bounded repeats. */
  readonly ahead?: string;
}

export interface DetectorTitle {
  readonly id: string;
  readonly group: DetectorGroup;
  /** For people, a few words. */
  readonly title: string;
  /** For people: what is found, and what on purpose is not. */
  readonly description: string;
}

export interface Detector extends DetectorTitle {
  readonly anchors: readonly Anchor[];
  /**
   * Looks closely at the anchor character `text[at]` and reports zero or more spans. Called for every place where one
   * of the anchors (or another detector's anchor with the same character) matches, in ascending order, except inside
   * what this detector has already reported.
   *
   * Messages are hostile, so the time over a whole text must stay linear: look at a bounded window, or along a run of
   * characters that can only be entered at its first one, or report what was run over.
   */
  readonly judge: (text: string, at: number, report: Report) => void;
}
