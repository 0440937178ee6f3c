// Words of tool names, descriptions and questions, in the form in which they are compared: lower-case, cut at every change
// of letters, without endings, without those that every sentence has.

const plain: ReadonlySet<string> = new Set(
  (
    'a about also am an and any are as at be been but by can could did do does for from give had has have help her his how ' +
    'i if in into is it its just let like me my need of on onto or our out please shall she should so some that the their ' +
    'them then there these they this those to up us use used using via want was we were what when where whether which who ' +
    'whose will with would you your'
  ).split(' '),
);

/** The words of a text; those in `camelCase`, `snake_case` and `kebab-case` count one by one. */
export function wordsOf(text: string): string[] {
  const cut = text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase();
  const found = cut.match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.filter((word) => !plain.has(word)).map(stemOf);
}

/** A word without its ending: rough, but the same for questions and tools. */
export function stemOf(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  let stem = word;
  if (stem.endsWith('ies') && stem.length > 4) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:ss|sh|ch|x|z)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (/[^su]s$/.test(stem)) stem = stem.slice(0, -1);
  if (/(?:[aeiouy].*)ing$/.test(stem) && stem.length > 5) stem = undoubled(stem.slice(0, -3));
  else if (/(?:[aeiouy].*)ed$/.test(stem) && stem.length > 4) stem = undoubled(stem.slice(0, -2));
  if (stem.length > 6 && /(?:ation|ition)$/.test(stem)) stem = stem.slice(0, -3);
  return stem.length > 3 && stem.endsWith('e') ? stem.slice(0, -1) : stem;
}

function undoubled(stem: string): string {
  return /([bdfgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}

/** Words that people and tools use for the same thing. Each line is one thing. */
const sameThings = [
  'create add new make insert open register',
  'delete remove erase drop destroy discard trash',
  'list show display enumerate browse all',
  'get fetch read retrieve view load see obtain lookup',
  'search find query look discover locate',
  'update edit change modify set alter patch',
  'write save store put',
  'send post publish deliver notify',
  'message chat dm',
  'email mail gmail inbox',
  'run execute start launch invoke trigger',
  'stop cancel abort kill terminate halt',
  'rename move relocate',
  'copy duplicate clone',
  'file document doc',
  'folder directory dir',
  'repository repo',
  'pull_request pr merge',
  'issue ticket bug',
  'comment reply remark note',
  'image picture photo screenshot',
  'page website url web site link',
  'event meeting appointment calendar',
  'database db',
  'table schema',
  'user person people member account profile contact',
  'team group',
  'history log past',
  'weather forecast',
  'route direction navigate',
  'place location address poi',
  'price cost quote',
  'payment charge pay',
  'customer client buyer',
  'invoice bill',
  'refund reimburse',
  'error exception crash failure',
  'metric measure stat',
  'chart graph plot diagram',
  'summary summarize overview',
  'translate translation',
  'download export',
  'upload import attach',
  'convert transform',
  'task todo reminder',
  'remember memory memorize recall knowledge',
  'time clock hour',
  'click press tap',
  'type fill enter input',
  'container docker',
  'pod kubernetes k8s',
  'deploy deployment release rollout',
  'branch fork',
  'commit revision',
  'diff compare difference',
  'token key secret credential',
  'space workspace',
  'channel room',
  'song track music',
  'close resolve finish complete done',
  'reason think',
];

const groups = new Map<string, Set<string>>();
for (const line of sameThings) {
  const group = line.split(' ').map(stemOf);
  for (const word of group) {
    const others = groups.get(word) ?? new Set();
    for (const other of group) if (other !== word) others.add(other);
    groups.set(word, others);
  }
}

const none: ReadonlySet<string> = new Set();

/** Other words for the same thing, in the form of `wordsOf`. */
export function otherWordsFor(word: string): ReadonlySet<string> {
  return groups.get(word) ?? none;
}
