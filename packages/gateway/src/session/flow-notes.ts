// Writes down where values came from, in organizations of which a policy asks for it; for all others nothing here runs.
import { flowTexts } from '@mcpvault/domain/flow/flow-texts';
import { readResult } from '@mcpvault/domain/flow/read-result';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { GatewayHost } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { FlowMemories } from './flow-memories.ts';

export interface FlowNotes {
  /** A call goes on as it was judged. */
  said(message: Message, conversation: Conversation): void;
  /** Somebody approved a call: where it goes is the caller's own from then on. */
  approved(message: Message, conversation: Conversation): void;
  read(message: Message, verdict: Verdict, from: ReadFrom): void;
}

export interface ReadFrom {
  readonly conversation: Conversation;
  readonly server: ServerEntry;
  /** null for what no tool answered, such as resources. */
  readonly tool: string | null;
}

export function createFlowNotes(host: GatewayHost, flows: FlowMemories): FlowNotes {
  const of = (conversation: Conversation) => flows.of(conversation, host.ambient.clock.now());
  return {
    said: (message, conversation) => of(conversation).said(argumentTexts(message)),
    approved(message, conversation) {
      of(conversation).said(argumentTexts(message));
      of(conversation).vouched(argumentTexts(message));
    },
    read(message, { edits, judgement }, { conversation, server, tool }) {
      // Of a tool that does not say so, nobody knows that it stays inside.
      const isOpen = tool === null || (host.policing.tool(server.id, tool)?.openWorld ?? true);
      readResult(of(conversation), { message, edits, effects: judgement?.effects ?? [], server: server.name, isOpen });
    },
  };
}

function argumentTexts(message: Message): readonly string[] {
  const span = message.marks.arguments ?? message.params;
  return span === null ? [] : flowTexts(message.valueAt(span));
}
