// What people read: the same words in a mail and in a chat. Titles and names come from policies, servers and callers, so
// nothing in them may act: no mention of everybody, no link in other words, no line of its own.
import type { Notification } from './notification.ts';

const titleAtMost = 200;
const textAtMost = 2_000;
const listedAtMost = 20;

/** One line, whatever the title holds. */
export function titleOf({ title, severity }: Pick<Notification, 'title' | 'severity'>): string {
  return `[${severity}] ${oneLine(title, titleAtMost)}`;
}

export function subjectOf(told: readonly Notification[]): string {
  const [first, ...others] = told;
  if (first === undefined) return 'MCPVault';
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `MCPVault ${titleOf(first)}${more}`;
}

/** `url` is that of the console, without a slash at its end. */
export function plainText(told: readonly Notification[], url: string): string {
  return told
    .slice(0, listedAtMost)
    .map((one) => oneText(one, url))
    .concat(restOf(told))
    .join('\n\n');
}

/** For chats: mentions, links and markup of whoever chose the words do nothing. */
export function chatText(told: readonly Notification[], url: string): string {
  return plainText(told.map(tamed), url);
}

/** For Slack, whose markup is in angle brackets. */
export function slackText(told: readonly Notification[], url: string): string {
  return plainText(told.map(tamed), url).replace(/[&<>]/g, (letter) => slackLetters[letter] ?? '');
}

const slackLetters: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function oneText(told: Notification, url: string): string {
  const text = printable(told.text).slice(0, textAtMost);
  const lines = [titleOf(told), text === '' ? null : text, told.link === null ? null : `${url}${told.link}`];
  return lines.filter((line) => line !== null).join('\n');
}

function restOf(told: readonly Notification[]): readonly string[] {
  const left = told.length - listedAtMost;
  return left > 0 ? [`And ${left} more.`] : [];
}

function tamed(told: Notification): Notification {
  return { ...told, title: harmless(told.title), text: harmless(told.text) };
}

/** An invisible joiner behind what would act. */
function harmless(text: string): string {
  return text.replace(/[@`]|\]\(|:\/\//g, (acting) =>
    acting === '](' ? ']\u2060(' : acting === '://' ? ':\u2060//' : `${acting}\u2060`,
  );
}

function oneLine(text: string, atMost: number): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > atMost ? `${line.slice(0, atMost)}…` : line;
}

/** Without control characters but line ends, and without what turns the direction of writing around. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[^\P{C}\n\u2060]/gu, '');
}
