import { ApiError } from '@mcpvault/contract/client';
import { type Conversation, converse, McpError } from '@mcpvault/contract/mcp-client';
import { useEffect, useRef, useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { useMe } from '../../api/me.ts';
import type { Server } from './server-status.tsx';

export type CallState =
  | { readonly type: 'idle' }
  | { readonly type: 'calling'; readonly progress: string | null }
  | { readonly type: 'answered'; readonly text: string; readonly result: ToolResult; readonly took: number }
  | { readonly type: 'failed'; readonly error: Error; readonly text: string | null; readonly took: number };

export interface ToolResult {
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly isError: boolean;
  readonly structured: unknown;
}

/** Calls tools through the server's own endpoint, as any client would: granted, watched over and recorded. */
export function useToolCall(server: Server) {
  const { session } = useHub();
  const [state, setState] = useState<CallState>({ type: 'idle' });
  const conversation = useRef<Promise<Conversation> | null>(null);
  const giveUp = useRef<AbortController | null>(null);

  useEffect(
    () => () => {
      giveUp.current?.abort();
      void conversation.current?.then((open) => open.close()).catch(() => undefined);
    },
    [],
  );

  const open = () => {
    conversation.current ??= converse({
      // The path on this page's own origin: the hub may be known under several names.
      endpoint: `${location.origin}${new URL(server.endpoint).pathname}`,
      credential: session.accessToken,
      client: { name: 'mcpvault-console', version: '1' },
      onNotification: (method, params) => {
        if (method === 'notifications/progress') setState({ type: 'calling', progress: progressOf(params) });
      },
    }).catch((error: unknown) => {
      conversation.current = null;
      throw error;
    });
    return conversation.current;
  };

  const ask = async (
    tool: string,
    args: object,
    signal: AbortSignal,
    again = true,
  ): Promise<{ result: unknown; text: string }> => {
    try {
      const params = { name: tool, arguments: args, _meta: { progressToken: 1 } };
      return await (await open()).request('tools/call', params, signal);
    } catch (error) {
      // The hub forgot the session: it was idle for long, or the hub restarted.
      if (!again || !(error instanceof McpError) || error.status !== 404) throw error;
      conversation.current = null;
      return ask(tool, args, signal, false);
    }
  };

  const call = async (tool: string, args: object) => {
    const controller = new AbortController();
    giveUp.current = controller;
    const began = performance.now();
    setState({ type: 'calling', progress: null });
    try {
      const { result, text } = await ask(tool, args, controller.signal);
      setState({ type: 'answered', text, result: resultOf(result), took: performance.now() - began });
    } catch (error) {
      if (controller.signal.aborted) return setState({ type: 'idle' });
      const text = error instanceof McpError ? error.text : null;
      setState({ type: 'failed', error: asError(error), text, took: performance.now() - began });
    }
  };

  return { state, call, cancel: () => giveUp.current?.abort() };
}

function progressOf(params: unknown): string | null {
  const { progress, total, message } = (params ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof message === 'string') return message;
  if (typeof progress !== 'number') return null;
  return typeof total === 'number' ? `${progress} of ${total}` : String(progress);
}

function resultOf(result: unknown): ToolResult {
  const { content, isError, structuredContent } = (result ?? {}) as Readonly<Record<string, unknown>>;
  return {
    content: Array.isArray(content) ? (content as Readonly<Record<string, unknown>>[]) : [],
    isError: isError === true,
    structured: structuredContent,
  };
}

function asError(error: unknown): Error {
  if (error instanceof ApiError || error instanceof McpError) return error;
  return new Error('The endpoint did not answer. Check that the hub is running.', { cause: error });
}

/** The message that a call left in the record, once it is there. */
export function useRecordedCall(server: Server, tool: string, after: string | null) {
  const { client } = useHub();
  const me = useMe();
  const [id, setId] = useState<string | null>(null);
  const member = me?.member.id;
  useEffect(() => {
    setId(null);
    if (after === null || member === undefined) return undefined;
    let over = false;
    const look = async (times: number) => {
      const found = await client
        .call('listMessages', { server: server.id, tool, member, from: after, limit: 1 })
        .catch(() => null);
      if (over) return;
      const newest = found?.items[0];
      if (newest) setId(newest.id);
      else if (times > 1) setTimeout(() => void look(times - 1), 700);
    };
    void look(8);
    return () => {
      over = true;
    };
  }, [client, server.id, tool, member, after]);
  return id;
}
