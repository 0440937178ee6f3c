import { type Assignment, readAssignment, secretAssignment } from '../assignment.ts';
import type { Detector } from '../detector.ts';
import { entropy } from '../entropy.ts';
import { isPlaceholder } from '../placeholder.ts';

const suffix = String.raw`(?:s|\d{1,2}|[_-](?:value|prod|production|dev|test|staging|live|main|primary|old|new))?$`;
const password = `(?:pass(?:word|wd|phrase|code)|pwd)${suffix}`;
const token = `(?:secret|token|credentials?|(?:api|access|secret|private|auth|account|client|signing|encryption|master|service|app|application|subscription|license|deploy|hmac|bot)[_.-]?key)${suffix}`;
const passwordName = new RegExp(password);
const secretName = new RegExp(`${password}|${token}`);
/** Tokens that are no credentials: a protocol or an API needs them to come back unchanged. */
const harmlessName =
  /(?:progress|page|next|previous|prev|continuation|sync|cursor|pagination|scroll|resume|resumption|cancel|cancellation|delta|watch|change|state|position|request|client|idempotency|csrf|xsrf|design|color|eos|bos|pad|unk|stop|special)[_.-]?tokens?\d{0,2}$/;

/** References, paths and addresses that name a secret without being one. */
const reference = /:\/\/|^(?:arn:|projects\/|\/|\.\.?\/|[A-Za-z]:\\)/;
const joint = /[_.:/$-]/;
const word = /^(?:[a-z]*|[A-Z]*|[A-Z]?[a-z]+(?:[A-Z][a-z]+){0,8})(?:v?\d{1,4})?$/;
/** An identifier or a file that is named after what it holds. */
const namedAfter = /(?:pass(?:word|wd)|secret|token|key)$/i;
const lettersOnly = /^[A-Za-z_.:/$-]*$/;

export const genericSecretAssignment: Detector = {
  id: 'generic-secret-assignment',
  group: 'secrets',
  title: 'Secret by its name',
  description:
    'A value that looks random, assigned to a name such as password, api_key, client_secret or access_token, in JSON, YAML, shell, URLs or code. Page and progress tokens, references, templates and plain words are not reported.',
  anchors: [secretAssignment],
  judge(text, at, report) {
    const found = readAssignment(text, at, secretName);
    if (found === null || found.end - found.start < 6) return;
    const confidence = judgeValue(found, text.slice(found.start, found.end));
    if (confidence > 0) report(found.start, found.end, confidence);
  },
};

/** The cheap questions come first: most values are words. */
function judgeValue({ key }: Assignment, value: string): number {
  const isPassword = passwordName.test(key);
  if (isPassword ? !looksLikePassword(value) : harmlessName.test(key) || !looksLikeToken(value)) return 0;
  if (/[ \t\r\n]|\\[nrt]/.test(value) || isPlaceholder(value) || reference.test(value) || namedAfter.test(value))
    return 0;
  return isPassword ? 0.7 : Math.min(0.9, 0.4 + entropy(value.slice(0, 512)) / 10);
}

function looksLikePassword(value: string): boolean {
  if (value.length > 256 || lettersOnly.test(value) || /^\d+$/.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((one) => one.test(value)).length;
  return classes >= 2 && entropy(value) >= 2.5;
}

function looksLikeToken(value: string): boolean {
  if (value.length < 12 || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  return entropy(value.slice(0, 512)) >= 3 && !value.split(joint).every((part) => word.test(part));
}
