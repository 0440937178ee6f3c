import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isVisible, isWithin, sandboxArguments } from './bubblewrap.ts';

const rules = { mode: 'required', network: false, read: ['/srv/tools'], write: ['/srv/notes'] } as const;
const place = {
  home: '/data/homes/one',
  passwd: '/data/homes/.passwd',
  folder: '/home',
  program: '/usr/bin/x',
  hidden: ['/data'],
};

/** The pairs that follow each of these flags. */
function bound(flag: string, args: readonly string[]): string[] {
  return args.flatMap((each, at) => (each === flag ? [args[at + 1] ?? ''] : []));
}

test('what was not allowed is not there: only the system, its home and the listed paths are bound', () => {
  const args = sandboxArguments(rules, place);
  assert.deepEqual(bound('--bind', args), ['/data/homes/one']);
  assert.deepEqual(bound('--bind-try', args), ['/srv/notes']);
  assert.deepEqual(
    bound('--ro-bind-try', args).filter((path) => !path.startsWith('/etc/')),
    ['/srv/tools'],
  );
  assert.ok(args.includes('--unshare-net') && args.includes('--cap-drop') && args.includes('--die-with-parent'));
  assert.equal(args.indexOf('--remount-ro') > args.lastIndexOf('--bind'), true, 'the root is closed last');
  assert.ok(!sandboxArguments({ ...rules, network: true }, place).includes('--unshare-net'));
});

test('a hidden folder is covered when what lies around it was allowed, and what lies within may be allowed again', () => {
  const args = sandboxArguments({ ...rules, read: ['/', '/data/samples'] }, place);
  const order = ['/', '/data', '/data/samples'].map((path) => args.indexOf(path, args.indexOf('/tmp') + 1));
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.deepEqual(bound('--tmpfs', args), ['/tmp', '/data']);
  assert.deepEqual(bound('--tmpfs', sandboxArguments(rules, place)), ['/tmp']);
});

test('the hidden folder itself cannot be allowed', () => {
  const args = sandboxArguments({ ...rules, read: ['/data'] }, place);
  assert.ok(args.indexOf('/data', args.indexOf('--ro-bind-try', args.indexOf('/tmp'))) < args.lastIndexOf('/data'));
  assert.equal(args[args.lastIndexOf('/data') - 1], '--tmpfs');
});

test('nothing within a folder that may be changed is bound anew, since it may have become a link', () => {
  const args = sandboxArguments(
    { ...rules, read: ['/srv/notes/read'], write: ['/srv/notes', '/srv/notes/deep'] },
    place,
  );
  assert.deepEqual(bound('--bind-try', args), ['/srv/notes']);
  assert.ok(!args.includes('/srv/notes/read'));
});

test('a program outside of the system is bound by itself', () => {
  assert.ok(
    bound('--ro-bind-try', sandboxArguments(rules, { ...place, program: '/opt/bin/x' })).includes('/opt/bin/x'),
  );
  assert.ok(
    !bound('--ro-bind-try', sandboxArguments(rules, { ...place, program: '/srv/tools/x' })).includes('/srv/tools/x'),
  );
});

test('a path is within a folder by its parts, not by its letters', () => {
  assert.ok(isWithin('/srv/a/b', '/srv/a') && isWithin('/srv/a', '/srv/a') && isWithin('/srv/a', '/'));
  assert.ok(!isWithin('/srv/ab', '/srv/a') && !isWithin('/srv', '/srv/a'));
  assert.ok(isVisible('/usr/bin/node', rules) && !isVisible('/etc/shadow', rules));
});
