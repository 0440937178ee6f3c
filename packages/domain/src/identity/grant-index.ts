// Grants by whom they name, so that an organization may have very many and a caller still costs only their own. A change of
// one grant makes a new list for whom it names, and leaves every other list the object it was: whoever keeps the lists that
// they looked at can tell by that whether anything of theirs has changed.
import type { GrantId } from '../ids.ts';
import type { Grant, Grantee } from './access.ts';

export interface GrantIndex {
  /** Those that name this caller in any way, expired ones too; one list for each way. */
  listsOf(caller: Grantee): readonly (readonly Grant[])[];
  /** Whether these are still the lists that name this caller. */
  names(caller: Grantee, lists: readonly (readonly Grant[])[]): boolean;
  /** All of `listsOf` in one. */
  of(caller: Grantee): readonly Grant[];
  byId(id: GrantId): Grant | null;
  /** Puts a grant in, in the place of the one with this id, or takes it out where there is none any more. */
  put(id: GrantId, grant: Grant | null): void;
  /** Replaces all grants of one subject. */
  replaceOf(subject: string, grants: readonly Grant[]): void;
}

const none: readonly Grant[] = [];

export function indexGrants(grants: readonly Grant[]): GrantIndex {
  const bySubject = new Map<string, readonly Grant[]>(Map.groupBy(grants, ({ subject }) => subject.id as string));
  const all = new Map<GrantId, Grant>(grants.map((grant) => [grant.id, grant]));

  function listsOf({ member, teams, role }: Grantee): readonly (readonly Grant[])[] {
    const lists = [bySubject.get(member) ?? none];
    for (const team of teams) lists.push(bySubject.get(team) ?? none);
    lists.push(bySubject.get(role) ?? none);
    return lists;
  }

  function set(subject: string, list: readonly Grant[]): void {
    if (list.length === 0) bySubject.delete(subject);
    else bySubject.set(subject, list);
  }

  function names({ member, teams, role }: Grantee, lists: readonly (readonly Grant[])[]): boolean {
    const last = teams.length + 1;
    if (lists[0] !== (bySubject.get(member) ?? none) || lists[last] !== (bySubject.get(role) ?? none)) return false;
    for (let at = 1; at < last; at++) if (lists[at] !== (bySubject.get(teams[at - 1] ?? '') ?? none)) return false;
    return true;
  }

  return {
    listsOf,
    names,
    of: (caller) => listsOf(caller).flat(),
    byId: (id) => all.get(id) ?? null,
    put(id, grant) {
      const before = all.get(id);
      if (before !== undefined) {
        const subject = before.subject.id;
        set(
          subject,
          (bySubject.get(subject) ?? none).filter((each) => each.id !== id),
        );
        all.delete(id);
      }
      if (grant === null) return;
      all.set(id, grant);
      set(grant.subject.id, [...(bySubject.get(grant.subject.id) ?? none), grant]);
    },
    replaceOf(subject, list) {
      for (const { id } of bySubject.get(subject) ?? none) all.delete(id);
      for (const grant of list) all.set(grant.id, grant);
      set(subject, list);
    },
  };
}
