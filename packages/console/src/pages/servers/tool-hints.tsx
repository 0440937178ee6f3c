import type { ItemOf } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';

export type Tool = ItemOf<'listServerTools'>;

/** What a tool says of itself; a claim of the server, not a fact. */
export function ToolHints({ tool }: { readonly tool: Tool }) {
  const said = tool.annotations ?? {};
  const hints: readonly (readonly [boolean, string, 'ok' | 'warn' | 'neutral'])[] = [
    [said['readOnlyHint'] === true, 'only reads', 'ok'],
    [said['destructiveHint'] === true && said['readOnlyHint'] !== true, 'may destroy', 'warn'],
    [said['idempotentHint'] === true, 'safe to repeat', 'neutral'],
    [said['openWorldHint'] === true, 'reaches outside', 'neutral'],
  ];
  return hints.map(
    ([holds, text, tone]) =>
      holds && (
        <Badge key={text} tone={tone}>
          {text}
        </Badge>
      ),
  );
}
