import type { Encoding } from './views/view.ts';

/**
 * What a detector saw, and where: never the matched text itself. `start` and `end` are byte offsets into the message's
 * original bytes, inside the quotes of one JSON string (value or key), or around one whole JSON number.
 */
export interface Finding {
  /** The detector's id, e.g. `aws-access-key`. */
  readonly detector: string;
  readonly start: number;
  readonly end: number;
  /**
   * JSON pointer (RFC 6901) of the string or number the finding lies in. Keys that themselves contain findings appear
   * as `[key]`, so that a pointer never repeats a secret. Cut short with `…` where it would get very long.
   */
  readonly pointer: string;
  /** True when the finding lies in an object key. */
  readonly inKey: boolean;
  /** Present and true when the span is a JSON number, or another whole value: what replaces it brings its own quotes. */
  readonly inNumber?: boolean;
  /** Present when the span holds it encoded: what replaces it has to be encoded too. */
  readonly encoding?: Encoding;
  /** 0 to 1. */
  readonly confidence: number;
}
