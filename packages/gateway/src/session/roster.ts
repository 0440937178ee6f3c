/** What can stand in a roster: it knows its place there. */
export interface Listed {
  /** -1 where it stands in none. Only the roster writes it. */
  place: number;
}

/**
 * Those who are there now, when thousands come and go a second. A `Set` would do, but the tables it leaves behind hold on
 * to their members, and to the next table, until a full garbage collection: everything a call ever touched would survive it.
 */
export class Roster<Member extends Listed> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: Member): void {
    if (member.place >= 0) return;
    member.place = this.#members.length;
    this.#members.push(member);
  }

  delete(member: Member): void {
    if (member.place < 0) return;
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[member.place] = last;
      last.place = member.place;
    }
    member.place = -1;
  }

  /** As of now, in no order. */
  all(): readonly Member[] {
    return [...this.#members];
  }
}
