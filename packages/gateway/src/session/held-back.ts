import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';

/** The one edit that stands for a message that policies kept back whole; `instead` is what was delivered in its place. */
export function heldBack(original: Message, instead: string, { refusal }: Verdict): Edit {
  return {
    start: 0,
    end: original.raw.length,
    replacement: instead,
    layer: 'hub',
    policy: refusal?.policy ?? null,
    reason: refusal?.reason ?? '',
    detector: null,
  };
}
