import type { Detector } from '../detector.ts';

const form = /[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Za-z]|[:-][0-9A-Fa-f]{2})/y;

export const macAddress: Detector = {
  id: 'mac-address',
  group: 'network',
  title: 'MAC address',
  description: 'Six pairs of hexadecimal digits with colons or dashes. All zeros and broadcast are not reported.',
  anchors: [
    {
      chars: ':-',
      behind: String.raw`(?:(?<![0-9A-Za-z:-])|\\[bfnrt])[0-9A-Fa-f]{2}`,
      ahead: '[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]',
    },
  ],
  judge(text, at, report) {
    const start = at - 2;
    form.lastIndex = start;
    if (!form.test(text)) return;
    const digits = text.slice(start, form.lastIndex).replaceAll(/[:-]/g, '');
    if (!/^(?:0{12}|[fF]{12})$/.test(digits)) report(start, form.lastIndex, 0.85);
  },
};
