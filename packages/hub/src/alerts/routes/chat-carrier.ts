// Notifications to a chat: Slack and what takes the same, or any that takes a JSON object with a text in one member. Several are
// one message. Some chats answer 200 and say no in the body: those are not believed.
import type { Clock } from '@mcpvault/domain/ambient';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import { chatText, slackText } from '@mcpvault/domain/alerts/notification-text';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { Undelivered } from '../../audit/destinations/receiver.ts';
import { refusedAnswer } from '../../audit/destinations/refused-answer.ts';
import type { Carrier } from './carrier.ts';

export interface ChatCarrierDeps {
  /** A secret: whoever has it can write there. */
  readonly url: string;
  /** null: Slack. */
  readonly field: string | null;
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly consoleUrl: string;
}

export function createChatCarrier({ url, field, fetch, clock, consoleUrl }: ChatCarrierDeps): Carrier {
  return {
    atOnce: 10,
    pauseMs: 5_000,
    async send(told) {
      const body = JSON.stringify(bodyOf(told, field, consoleUrl));
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
      if (answer.status < 200 || answer.status > 299) throw refusedAnswer(answer, clock.now());
      if (saysNo(await answer.text())) {
        throw new Undelivered('the chat took the request and said no', 'Look at the app or hook in the chat.');
      }
    },
  };
}

const textAtMost = 3_500;

function bodyOf(told: readonly Notification[], field: string | null, consoleUrl: string): object {
  if (field === null) return { text: cut(slackText(told, consoleUrl)), unfurl_links: false };
  const text = cut(chatText(told, consoleUrl));
  // Discord mentions nobody then; others leave it out.
  return field === 'content' ? { content: text.slice(0, 1_900), allowed_mentions: { parse: [] } } : { [field]: text };
}

function cut(text: string): string {
  return text.length > textAtMost ? `${text.slice(0, textAtMost).toWellFormed()}…` : text;
}

function saysNo(body: string): boolean {
  try {
    const said: unknown = JSON.parse(body);
    return typeof said === 'object' && said !== null && 'ok' in said && said.ok === false;
  } catch {
    return false;
  }
}
