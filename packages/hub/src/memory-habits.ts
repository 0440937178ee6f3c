import { setFlagsFromString } from 'node:v8';

/**
 * How much may lie around before the engine looks for garbage in the old part of its memory. Every message brings buffers
 * that are garbage a moment later; by the engine's own measure they bring about such a search, over everything that
 * lives, several times a second.
 */
const habits = [
  '--external-memory-accounted-in-global-limit',
  '--external-memory-max-growing-factor=4',
  '--heap-growing-percent=200',
];
/** Engines before it complain of flags they do not know. */
const firstKnowing = 14;

/** For a whole process, and only for one that carries messages. */
export function settleMemoryHabits(): void {
  if (Number.parseInt(process.versions.v8, 10) < firstKnowing) return;
  for (const habit of habits) setFlagsFromString(habit);
}
