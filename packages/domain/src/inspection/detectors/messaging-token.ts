import type { Detector } from '../detector.ts';
import { beginsWord } from '../edges.ts';

const telegram = /\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y;
const discord = /[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![A-Za-z0-9_-])/y;
const webhook = /\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,80}/y;
const mailgun = /key-[0-9a-f]{32}(?![0-9A-Za-z])/y;
const mailchimp = /[0-9a-f]{32}-us\d{1,2}(?![0-9A-Za-z])/y;

export const messagingToken: Detector = {
  id: 'messaging-token',
  group: 'secrets',
  title: 'Token of a messaging service',
  description:
    'Bot tokens of Telegram and Discord, webhook addresses of Discord, keys of Mailgun (key-…) and Mailchimp (…-us1).',
  anchors: [
    { chars: ':', behind: String.raw`\d{8}`, ahead: 'AA[A-Za-z0-9_-]{33}' },
    { chars: '.', behind: '[A-Za-z0-9_-]{24}', ahead: String.raw`[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}` },
    { chars: '/', after: 'discord.com', ahead: 'api/webhooks/' },
    { chars: '/', after: 'discordapp.com', ahead: 'api/webhooks/' },
    { chars: '-', after: 'key', ahead: '[0-9a-f]{32}' },
    { chars: '-', behind: '[0-9a-f]{32}', ahead: String.raw`us\d` },
  ],
  judge(text, at, report) {
    const found = candidate(text, at);
    if (found === null) return;
    const [form, start, confidence] = found;
    form.lastIndex = start;
    if (start >= 0 && (form === webhook || beginsWord(text, start)) && form.test(text))
      report(start, form.lastIndex, confidence);
  },
};

function candidate(text: string, at: number): readonly [RegExp, number, number] | null {
  switch (text[at]) {
    case ':': {
      let start = at;
      while (start > at - 10 && /\d/.test(text.charAt(start - 1))) start--;
      return [telegram, start, 0.95];
    }
    case '.': {
      let start = at;
      while (start > at - 28 && /[A-Za-z0-9_-]/.test(text.charAt(start - 1))) start--;
      return [discord, start, 0.9];
    }
    case '/':
      return [webhook, at, 0.95];
    default:
      return text.startsWith('key', at - 3) ? [mailgun, at - 3, 0.9] : [mailchimp, at - 32, 0.9];
  }
}
