import type { Detector, Report } from '../detector.ts';
import { prefixedToken } from '../prefixed-token.ts';

const legacyAndBot = '[A-Za-z0-9-]{10,512}';
const tokens = prefixedToken(
  {
    id: 'slack-token',
    group: 'secrets',
    title: 'Slack token or webhook',
    description: 'Bot, user and app tokens (xoxb-…, xoxp-…, xapp-…) and incoming webhook URLs of hooks.slack.com.',
  },
  [
    { prefix: 'xoxe.xoxb-', body: legacyAndBot },
    { prefix: 'xoxe.xoxp-', body: legacyAndBot },
    ...['xoxa-', 'xoxb-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-', 'xoxe-'].map((prefix) => ({
      prefix,
      body: `(?=[A-Za-z-]{0,64}[0-9])${legacyAndBot}`,
    })),
    { prefix: 'xapp-', body: '[0-9]-[A-Za-z0-9-]{10,512}' },
  ],
);
const webhook =
  /:\/\/hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/((?:[A-Za-z0-9]{6,64}\/){1,4}[A-Za-z0-9]{16,128})/y;

/** Of a webhook only the path is reported: it is the secret, the host is not. */
export const slackToken: Detector = {
  ...tokens,
  anchors: [...tokens.anchors, { chars: ':', ahead: String.raw`\/\/hooks\.slack` }],
  judge(text: string, at: number, report: Report) {
    if (text[at] !== ':') return tokens.judge(text, at, report);
    webhook.lastIndex = at;
    const path = webhook.exec(text)?.[1];
    if (path !== undefined) report(webhook.lastIndex - path.length, webhook.lastIndex, 0.95);
  },
};
