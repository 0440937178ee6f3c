import { readAssignment, secretAssignment } from '../assignment.ts';
import type { Detector, Report } from '../detector.ts';
import { beginsWord } from '../edges.ts';
import { entropy } from '../entropy.ts';

const keyId = /A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Za-z0-9])/y;
const secretNearby = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const secretKeyName = /secret(?:[_-]?access)?[_-]?key$|aws[a-z_-]{0,20}secret$/;
const secretValue = /^[A-Za-z0-9/+]{40}$/;
/** How far behind a key id its secret may stand, as in a credentials file or the CSV of the AWS console. */
const nearby = 120;

export const awsAccessKey: Detector = {
  id: 'aws-access-key',
  group: 'secrets',
  title: 'AWS access key',
  description:
    'Access key ids (AKIA…, ASIA…, ABIA…, ACCA…) and the 40-character secret key: right behind an id, or as the value of a key such as aws_secret_access_key.',
  anchors: [{ chars: 'A', ahead: '(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}' }, secretAssignment],
  judge(text, at, report) {
    if (text[at] === 'A') judgeKeyId(text, at, report);
    else judgeAssignment(text, at, report);
  },
};

function judgeKeyId(text: string, at: number, report: Report): void {
  keyId.lastIndex = at;
  if (!beginsWord(text, at) || !keyId.test(text)) return;
  const end = keyId.lastIndex;
  report(at, end, 0.95);
  const secret = secretNearby.exec(text.slice(end, end + nearby));
  if (secret !== null && looksRandom(secret[0])) report(end + secret.index, end + secret.index + 40, 0.9);
}

function judgeAssignment(text: string, at: number, report: Report): void {
  const found = readAssignment(text, at, secretKeyName);
  if (found === null) return;
  const value = text.slice(found.start, found.end);
  if (secretValue.test(value) && looksRandom(value)) report(found.start, found.end, 0.95);
}

const looksRandom = (value: string): boolean =>
  /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9/+]/.test(value) && entropy(value) > 3.5;
