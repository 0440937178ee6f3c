import { valuesWithin } from '../expression/values-within.ts';

/** What of arguments or of a result is looked at for where it came from: texts, and numbers as they are written. */
export function flowTexts(value: unknown): readonly string[] {
  const texts: string[] = [];
  for (const one of valuesWithin(value)) {
    if (typeof one === 'string') texts.push(one);
    else if (typeof one === 'number') texts.push(String(one));
  }
  return texts;
}
