// Asks the servers of a merged endpoint who they are, all at once and not for long: whoever does not say in time is known
// at the next beginning.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import { callServer } from './internal-call.ts';
import type { MergedLinks } from './merged-links.ts';
import type { MergedShares } from './merged-shares.ts';
import type { Known } from './merged-traits.ts';
import { passingOn } from './passing-on.ts';
import { traitsIn } from './traits-in.ts';

/** Milliseconds that a client waits for its opening to be answered. */
const openingPatience = 1_500;

interface About {
  readonly core: Core;
  readonly conversation: Conversation;
  readonly links: MergedLinks;
  readonly shares: MergedShares;
}

export async function whoIs(
  about: About,
  usable: readonly Usable[],
  message: Message,
  modern: ModernHeaders | null,
): Promise<readonly Known[]> {
  const { shares } = about;
  const unknown = usable.filter((each) => shares.traits(each) === null);
  if (unknown.length > 0) {
    // Those that let others wait in vain are asked, and not waited for.
    const prompt = unknown.filter((each) => !shares.isSilent(each)).length > 0;
    const asked = unknown.map((each) => {
      const greeted = greet(about, each, message, modern).catch(() => undefined);
      // Some servers leave the modern era when the question who they are is taken back.
      if (modern !== null) shares.track(greeted);
      return greeted;
    });
    if (prompt) await within(openingPatience, Promise.all(asked));
    for (const each of unknown) if (shares.traits(each) === null) shares.noteSilent(each);
  }
  return usable.map((each) => ({ server: each.server.name, traits: shares.traits(each) }));
}

async function greet(
  { core, conversation, links, shares }: About,
  usable: Usable,
  message: Message,
  modern: ModernHeaders | null,
): Promise<void> {
  // One that failed a moment ago is not waited for again.
  const { link } = await core.setbacks.attempt(usable.server.version, () => links.open(usable));
  if (modern === null) return;
  const { meta } = message.marks;
  const answer = await callServer({
    link,
    method: 'server/discover',
    params: meta === null ? '{}' : `{"_meta":${message.textAt(meta)}}`,
    passingOn: passingOn(core, conversation, usable),
    modern,
    patience: core.settings.connectTimeout,
    server: usable.server.name,
  });
  shares.learnTraits(usable, traitsIn(core, conversation, usable, answer));
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
