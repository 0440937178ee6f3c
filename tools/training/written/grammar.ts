// A small grammar: names stand for lists of alternatives, and `{name}` in one of them is replaced in turn.

export type Grammar = Readonly<Record<string, readonly string[]>>;

/** Alternatives one a line; empty lines and the space around them are nothing. */
export function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Alternatives apart by `|`. */
export function words(text: string): readonly string[] {
  return text.split('|').map((word) => word.trim());
}

/** One sentence of the grammar. Unknown names fail, so that no template goes out half filled. */
export function expand(grammar: Grammar, template: string, random: () => number, depth = 0): string {
  if (depth > 12) throw new Error(`the grammar goes round in circles at ${template}`);
  const filled = template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const choices = grammar[name];
    if (choices === undefined) throw new Error(`the grammar has no {${name}}`);
    return expand(grammar, pick(choices, random), random, depth + 1);
  });
  return depth > 0
    ? filled
    : filled
        .replace(/ {2,}/g, ' ')
        .replace(/ ([.,;:!?])(?=\s|$)/g, '$1')
        .trim();
}

export function pick<T>(choices: readonly T[], random: () => number): T {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}
