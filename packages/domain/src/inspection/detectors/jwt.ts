import type { Detector } from '../detector.ts';
import { beginsRun } from '../edges.ts';

// The parts run to their ends without bounds: a candidate can only begin where such a run begins.
const threeParts = /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]*/y;
const furtherParts = /\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+/y;
const longestHeader = 4096;

export const jwt: Detector = {
  id: 'jwt',
  group: 'secrets',
  title: 'JSON web token',
  description:
    'Signed, unsigned and encrypted JSON web tokens. The header, and the payload where it is not encrypted, must decode to JSON objects.',
  anchors: [{ chars: 'J', behind: 'ey', ahead: '[A-Za-z0-9_-]{8}' }],
  judge(text, at, report) {
    const start = at - 2;
    threeParts.lastIndex = start;
    if (!text.startsWith('eyJ', start) || !beginsRun(text, start) || !threeParts.test(text)) return;
    const end = threeParts.lastIndex;
    const headerEnd = text.indexOf('.', start);
    if (headerEnd - start > longestHeader) return;
    const header = decoded(text.slice(start, headerEnd));
    if (header === null || typeof header['alg'] !== 'string') return;
    if (typeof header['enc'] === 'string') {
      furtherParts.lastIndex = end;
      if (furtherParts.test(text)) report(start, furtherParts.lastIndex, 0.9);
      return;
    }
    const payload = text.slice(headerEnd + 1, text.indexOf('.', headerEnd + 1));
    if (decoded(payload) !== null) report(start, end, 0.95);
  },
};

function decoded(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
