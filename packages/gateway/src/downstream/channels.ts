// Every channel of the hub: how many each member has, signs of life, and their end.
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { MemberId } from '@mcpvault/domain/ids';
import { Failure } from '@mcpvault/domain/failure';
import { createAdmission } from '../session/admission.ts';
import type { Core } from '../session/core.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Channel } from './channel.ts';
import { ChannelClient } from './channel-client.ts';
import type { OpenStreams } from './open-streams.ts';

export interface ChannelOrder {
  readonly channel: Channel;
  readonly endpoint: string | null;
  readonly caller: Caller;
  readonly credential: string;
  readonly address: string | null;
  readonly carriesModern: boolean;
}

export interface Channels {
  /** Why this member can have no other one, or null. */
  refused(caller: Caller): Failure | null;
  add(order: ChannelOrder): OpenChannel;
  /** Called about once a second. */
  sweep(now: number): void;
  closeAll(why: string): void;
}

export interface OpenChannel {
  readonly client: ChannelClient;
  /** The connection is gone. */
  closed(): void;
}

export interface ChannelsDeps {
  readonly core: Core;
  readonly sessions: Sessions;
  readonly streams: OpenStreams;
}

const beatEvery = 15_000;

export function createChannels({ core, sessions, streams }: ChannelsDeps): Channels {
  const open = new Map<ChannelClient, Channel>();
  const perMember = new Map<MemberId, number>();
  const admission = createAdmission(core);
  const { settings } = core;
  let beatAt = 0;

  function forget(member: MemberId): void {
    const left = (perMember.get(member) ?? 1) - 1;
    if (left <= 0) perMember.delete(member);
    else perMember.set(member, left);
  }

  return {
    refused({ member }) {
      const now = perMember.get(member) ?? 0;
      if (now < settings.maxSessionsPerMember) return null;
      const text = `you have ${now} connections open, which is as many as may be; close a client or wait until idle ones end`;
      return new Failure('busy', text);
    },
    add({ caller, ...order }) {
      const { channel } = order;
      const client = new ChannelClient({ core, sessions, admission, ...order }, caller);
      const { member } = caller;
      open.set(client, channel);
      perMember.set(member, (perMember.get(member) ?? 0) + 1);
      let unwatch: () => void = () => undefined;
      streams.add(client.watched((forgetStream) => (unwatch = forgetStream)));
      return {
        client,
        closed() {
          if (!open.delete(client)) return;
          forget(member);
          unwatch();
          client.gone('the client closed the connection');
        },
      };
    },
    sweep(now) {
      const beats = now >= beatAt + beatEvery;
      if (beats) beatAt = now;
      for (const [client, channel] of open) {
        // A session has its own bound for idleness; so long, and no longer, a connection may be without one.
        const isIdle = !client.hasSession && client.owed === 0 && now - client.usedAt > settings.sessionIdle;
        if (isIdle) channel.close('nobody used it for long');
        else if (beats) channel.beat();
      }
    },
    closeAll(why) {
      for (const channel of open.values()) channel.close(why);
    },
  };
}
