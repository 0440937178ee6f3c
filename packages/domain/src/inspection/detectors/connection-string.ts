import { readAssignment, secretAssignment } from '../assignment.ts';
import type { Detector, Report } from '../detector.ts';
import { isPlaceholder } from '../placeholder.ts';

/** In raw JSON a character of a password may be written as an escape of six. */
const character = String.raw`(?:[^ \t\r\n"'\x60\\/<>\x00-\x1f]|\\{1,7}u[0-9A-Fa-f]{4})`;
const user = String.raw`(?:[^ \t\r\n"'\x60\\/<>:@?#]|\\{1,7}u[0-9A-Fa-f]{4}){0,128}`;
const userinfo = new RegExp(String.raw`:\/\/${user}:(${character}{1,256})@(?=[A-Za-z0-9_[%.\x80-\xff-])`, 'y');
/** Passwords with a plain slash: only outside the web's own schemes, and where the part before it is no port. */
const slashedUserinfo = new RegExp(
  String.raw`(?<!https?):\/\/${user}:((?!\d{1,5}\/)(?:${character}|\/){1,128})@(?=[A-Za-z0-9_[%-])`,
  'y',
);
const passwordKey = /(?:^|[^a-z])(?:password|pwd)$/;
/** What stands before the password's key: `Server=db;User Id=sa;`, `host=db user=sa `, or a URL up to its query. */
const connectionContext =
  /(?:server|data source|host|hostaddr|user id|uid|user|username|database|dbname|initial catalog|dsn)=[^"'\r\n\\]{1,160}[; ]$|:\/\/[^ \t\r\n"'<>]{1,200}[?;&]$/i;
const contextWindow = 240;

export const connectionString: Detector = {
  id: 'connection-string',
  group: 'secrets',
  title: 'Password in a connection string',
  description:
    'The password of scheme://user:password@host, and of key-value connection strings (Server=…;User Id=…;Password=…). Only the password is reported.',
  anchors: [
    { chars: ':', ahead: String.raw`\/\/[^ \t\r\n"'\x60\/<>:@?#]{0,160}:[^ \t\r\n"'\x60<>]{1,256}@` },
    secretAssignment,
  ],
  judge(text, at, report) {
    if (text.startsWith('://', at)) judgeUrl(text, at, report);
    else judgeAssignment(text, at, report);
  },
};

function judgeUrl(text: string, at: number, report: Report): void {
  for (const form of [userinfo, slashedUserinfo]) {
    form.lastIndex = at;
    const password = form.exec(text)?.[1];
    if (password === undefined) continue;
    const end = form.lastIndex - 1;
    if (!isPlaceholder(password)) report(end - password.length, end, 0.9);
    return;
  }
}

function judgeAssignment(text: string, at: number, report: Report): void {
  const found = readAssignment(text, at, passwordKey);
  if (found === null || isPlaceholder(text.slice(found.start, found.end))) return;
  const before = text.slice(Math.max(0, at - contextWindow), Math.max(0, at - found.key.length));
  if (connectionContext.test(before)) report(found.start, found.end, 0.85);
}
