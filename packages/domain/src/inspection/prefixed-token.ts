import type { Anchor, Detector, DetectorTitle, Report } from './detector.ts';
import { beginsWord } from './edges.ts';

/**
 * A credential that is known by its first characters. `prefix` is literal; `body` is a RegExp source for the rest. A
 * body is either of bounded length or one unbounded run at its end, so that a failure costs little and a success is
 * not looked at again.
 */
export interface TokenForm {
  readonly prefix: string;
  readonly body: string;
  /** 0.95 unless said. */
  readonly confidence?: number;
}

/** A detector for credentials of some `forms`, the most specific first: the first that fits is reported. */
export function prefixedToken(title: DetectorTitle, forms: readonly TokenForm[]): Detector {
  const compiled = forms.map(({ prefix, body, confidence = 0.95 }) => ({
    prefix,
    anchorAt: rarestCharacter(prefix),
    body: new RegExp(body, 'y'),
    confidence,
  }));
  return {
    ...title,
    anchors: forms.map(({ prefix }) => anchorOf(prefix)),
    judge(text: string, at: number, report: Report) {
      for (const form of compiled) {
        const start = at - form.anchorAt;
        if (!text.startsWith(form.prefix, start) || !beginsWord(text, start)) continue;
        form.body.lastIndex = start + form.prefix.length;
        if (!form.body.test(text)) continue;
        report(start, form.body.lastIndex, form.confidence);
        return;
      }
    },
  };
}

function anchorOf(prefix: string): Anchor {
  const at = rarestCharacter(prefix);
  const before = prefix.slice(0, at);
  const behind = prefix.slice(at + 1).replaceAll(/[^A-Za-z0-9_-]/g, String.raw`\$&`);
  return {
    chars: prefix.charAt(at),
    ...(before !== '' && { after: before }),
    ...(behind !== '' && { ahead: behind }),
  };
}

/** The last `_`, `-` or `.` of a prefix, or its first capital: characters that ordinary text has few of. */
function rarestCharacter(prefix: string): number {
  const joint = Math.max(prefix.lastIndexOf('_'), prefix.lastIndexOf('-'), prefix.lastIndexOf('.'));
  return joint >= 0 ? joint : Math.max(0, prefix.search(/[A-Z]/));
}
