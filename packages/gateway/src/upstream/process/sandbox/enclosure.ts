// Turns the rules of a server into how its process is started on this machine: in a sandbox where one is wanted and can be
// had, under limits, in control groups. It says what it could not do, and refuses where that is not good enough.
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Confinement, ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import { Failure } from '@mcpvault/domain/failure';
import { homeInside, isVisible, nobody, sandboxArguments } from './bubblewrap.ts';
import type { ControlGroup } from './control-groups.ts';
import { type MachineMeans, programOn } from './machine-means.ts';
import { planLimits } from './resource-limits.ts';

/** A program as the definition names it. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it starts; its home where the definition names no folder. */
  readonly cwd: string | null;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How to start it, for `spawn`. */
export interface Enclosed {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly confinement: Confinement;
  /** For people, to stand in its log; empty when all is as it was asked for. */
  readonly notes: readonly string[];
  /** Once the process and its descendants have ended. */
  done(): void;
}

export interface Enclosure {
  /** Throws `Failure('upstream_unavailable')` where a sandbox is required and cannot be had. */
  enclose(server: string, id: string, rules: ProcessRules, program: Program): Enclosed;
  /** What becomes of these rules here. */
  confinement(rules: ProcessRules): Confinement;
  close(): void;
}

export interface EnclosureDeps {
  readonly means: MachineMeans;
  /** Where homes lie. */
  readonly homes: string;
  /** Folders that no sandboxed process ever sees. */
  readonly hidden: readonly string[];
}

export function createEnclosure({ means, homes, hidden }: EnclosureDeps): Enclosure {
  let passwd: string | null = null;
  let usedGroups = false;

  function planOf({ sandbox, limits }: ProcessRules) {
    const wrap = sandbox.mode === 'off' ? null : means.bubblewrap();
    const program = wrap !== null && 'program' in wrap ? wrap.program : null;
    const needsGroups = limits.memory !== null || limits.processes !== null;
    const groups = needsGroups ? means.groups() : null;
    const limited = planLimits(limits, {
      prlimit: means.prlimit(),
      groups: groups !== null,
      ownUser: program !== null,
      root: means.root,
    });
    const missing = [...(wrap !== null && 'trouble' in wrap ? [wrap.trouble] : []), ...limited.missing];
    const holds =
      groups !== null || limited.prefix.length > 0 || limits.callSeconds !== null || limits.lifeSeconds !== null;
    const state = program !== null ? 'sandboxed' : holds ? 'limited' : 'open';
    return { bubblewrap: program, groups, prefix: limited.prefix, confinement: { state, missing } as const };
  }

  function passwdFile(): string {
    if (passwd !== null) return passwd;
    passwd = join(homes, '.passwd');
    writeFileSync(passwd, `sandbox:x:${nobody}:${nobody}:sandbox:${homeInside}:/bin/sh\n`);
    return passwd;
  }

  function groupFor(id: string, rules: ProcessRules, plan: ReturnType<typeof planOf>): ControlGroup | null {
    if (plan.groups === null) return null;
    usedGroups = true;
    return plan.groups.open(id, rules.limits);
  }

  return {
    confinement: (rules) => planOf(rules).confinement,
    enclose(server, id, rules, program) {
      const plan = planOf(rules);
      const { confinement } = plan;
      if (rules.sandbox.mode === 'required' && plan.bubblewrap === null) {
        const text = `Server "${server}" is to run in a sandbox only. ${confinement.missing[0] ?? ''}`;
        throw new Failure('upstream_unavailable', text, {
          fix: 'Make the sandbox possible on the hub’s machine, or let the server run without one.',
        });
      }
      const inner = [program.command, ...program.args];
      const group = groupFor(id, rules, plan);
      const wrapped =
        plan.bubblewrap === null
          ? { words: [...plan.prefix, ...inner], notes: [], cwd: program.cwd ?? program.home, home: program.home }
          : intoSandbox(plan.bubblewrap, rules, program, plan.prefix, { passwd: passwdFile(), hidden });
      const [command = '', ...args] = group === null ? wrapped.words : joining(group.join, wrapped.words);
      return {
        command,
        args,
        cwd: wrapped.cwd,
        environment: { ...program.environment, ...(wrapped.home === program.home ? {} : insideOf(program)) },
        confinement,
        notes: [...confinement.missing, ...wrapped.notes],
        done: () => group?.remove(),
      };
    },
    close() {
      if (usedGroups) means.groups()?.close();
    },
  };
}

/** A definition that sets them means what it says. */
function insideOf({ environment, home }: Program): Readonly<Record<string, string>> {
  return { ...(environment['HOME'] === home ? { HOME: homeInside } : {}), TMPDIR: '/tmp' };
}

function intoSandbox(
  bubblewrap: string,
  { sandbox }: ProcessRules,
  program: Program,
  prefix: readonly string[],
  { passwd, hidden }: { readonly passwd: string; readonly hidden: readonly string[] },
) {
  const named = isAbsolute(program.command)
    ? program.command
    : (programOn(program.environment['PATH'] ?? '', program.command) ?? program.command);
  const folder = program.cwd === null ? homeInside : program.cwd;
  const place = { home: program.home, passwd, folder, program: named, hidden };
  const unseen = [...(program.cwd === null ? [] : [program.cwd]), ...program.args].filter(
    (word) =>
      isAbsolute(word) && existsSync(word) && !isVisible(word, sandbox) && !isVisible(realpathSync(word), sandbox),
  );
  return {
    words: [bubblewrap, ...sandboxArguments(sandbox, place), '--', ...prefix, named, ...program.args],
    // Never the words themselves, which may be secrets.
    notes: unseen.length === 0 ? [] : [`${unseen.length} of the paths that its definition names ${outside}`],
    cwd: '/',
    home: homeInside,
  };
}

const outside = 'lie outside of what its sandbox lets it see: allow them in its settings, or it will not find them';

/** The shell enters the groups and then becomes the program, so that nothing is ever started outside of them. */
function joining(files: readonly string[], words: readonly string[]): readonly string[] {
  const script = 'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 126; shift; n=$((n-1)); done; exec "$@"';
  return ['/bin/sh', '-c', script, 'sh', String(files.length), ...files, ...words];
}
