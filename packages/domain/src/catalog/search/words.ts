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
  'create generate draw paint compose design build',
  'delete remove erase drop destroy discard trash forget clear',
  'list show display enumerate browse all which',
  'get fetch read retrieve view load see obtain lookup show',
  'search find query look discover locate',
  'update edit change modify set alter patch adjust replace',
  'write save store put record',
  'send post publish deliver notify tell inform announce say write',
  'message chat dm sms text',
  'email mail gmail inbox letter',
  'run execute start launch invoke trigger call',
  'stop cancel abort kill terminate halt end quit',
  'cancel delete remove revoke',
  'disable deactivate suspend lock block ban off',
  'enable activate on',
  'rename move relocate',
  'copy duplicate clone',
  'undo revert rollback restore reset',
  'file document doc',
  'folder directory dir',
  'repository repo project',
  'pull_request pr merge',
  'issue ticket bug',
  'comment reply remark note answer respond',
  'image picture photo screenshot drawing',
  'page website url web site link',
  'event meeting appointment calendar',
  'schedule plan book arrange calendar',
  'database db',
  'table schema',
  'column field property schema',
  'row record entry',
  'user person people member account profile employee staff',
  'contact person people',
  'team group',
  'history log past recent',
  'weather forecast rain temperature',
  'alert warning alarm storm',
  'temperature warm cold hot heat thermostat',
  'height high altitude elevation',
  'route direction navigate drive',
  'travel drive trip duration',
  'distance far long',
  'place location address poi restaurant business shop cafe',
  'price cost quote spend expense fee',
  'payment charge pay money',
  'customer client buyer',
  'invoice bill',
  'refund reimburse',
  'error exception crash failure problem fail',
  'vulnerability security risk',
  'metric measure stat usage',
  'chart graph plot diagram',
  'summary summarize overview digest',
  'translate translation',
  'download export save',
  'upload import attach',
  'convert transform turn',
  'task todo reminder chore',
  'complete tick check finish done',
  'remember memory memorize recall knowledge memories',
  'time clock hour date',
  'click press tap push',
  'type fill enter input',
  'javascript js script evaluate',
  'terminal shell command console',
  'container docker',
  'pod kubernetes k8s kubectl',
  'cluster kubernetes',
  'deploy deployment release rollout ship',
  'branch fork',
  'commit revision',
  'diff compare difference change',
  'token key secret credential password',
  'space workspace',
  'channel room',
  'song track music',
  'video film movie clip',
  'audio sound voice speech',
  'close resolve finish complete done',
  'reason think',
  'buy purchase order',
  'order purchase',
  'stock share equity',
  'light lamp bulb',
  'flight plane airline',
  'hotel apartment accommodation listing',
  'slide presentation powerpoint',
  'spreadsheet sheet excel',
  'cell formula',
  'vector embedding semantic similarity meaning',
  'topic queue',
  'permission role access',
  'who user',
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
