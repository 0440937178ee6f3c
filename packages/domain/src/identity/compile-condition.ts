import { Failure } from '../failure.ts';
import type { Condition } from './condition.ts';

/** Throws a `Failure` (`invalid_params`) that says what is wrong with the text. */
export function compileCondition(_text: string): Condition {
  throw new Failure('invalid_params', 'condition: this version understands no conditions yet.');
}
