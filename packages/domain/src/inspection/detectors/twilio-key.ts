import { readAssignment, secretAssignment } from '../assignment.ts';
import type { Detector } from '../detector.ts';
import { beginsWord } from '../edges.ts';

const apiKey = /SK[0-9a-f]{32}(?![A-Za-z0-9])/y;
const authToken = /^[0-9a-f]{32}$/;
const tokenName = /token$/;
const contextWindow = 160;

export const twilioKey: Detector = {
  id: 'twilio-key',
  group: 'secrets',
  title: 'Twilio key',
  description:
    'API keys of Twilio (SK and 32 hexadecimal digits), and auth tokens where Twilio or an account id (AC…) is named just before.',
  anchors: [{ chars: 'S', ahead: 'K[0-9a-f]{32}' }, secretAssignment],
  judge(text, at, report) {
    if (text[at] === 'S') {
      apiKey.lastIndex = at;
      if (beginsWord(text, at) && apiKey.test(text)) report(at, apiKey.lastIndex, 0.9);
      return;
    }
    const found = readAssignment(text, at, tokenName);
    if (found === null || !authToken.test(text.slice(found.start, found.end))) return;
    if (/twilio|AC[0-9a-f]{32}/i.test(text.slice(Math.max(0, at - contextWindow), at)))
      report(found.start, found.end, 0.9);
  },
};
