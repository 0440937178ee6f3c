import { usageFailure } from '../command-failure.ts';

/** The id, when it looks like one of its kind. What was given may be a secret by mistake, so it is not repeated. */
export function checkedId<Prefix extends string>(
  prefix: Prefix,
  given: string,
  listing: string,
): `${Prefix}_${string}` {
  if (isIdOf(prefix, given)) return given;
  throw usageFailure(`That is not an id of the form ${prefix}_….`, `Find it with: ${listing}`);
}

export function isIdOf<Prefix extends string>(prefix: Prefix, text: string): text is `${Prefix}_${string}` {
  return text.startsWith(`${prefix}_`) && /^[0-9a-z]{1,40}$/.test(text.slice(prefix.length + 1));
}
