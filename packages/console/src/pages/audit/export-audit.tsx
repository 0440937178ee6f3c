// Saves the whole log as a file that can be checked without the hub.
import type { Client } from '@mcpvault/contract/client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { say, warn } from '../../parts/toast.tsx';

export function ExportAudit() {
  const { client } = useHub();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const lines = await exported(client);
      save(lines, `audit-${new Date().toISOString().slice(0, 10)}.jsonl`);
      say('The audit log was exported', { detail: 'Check the file with: mcpvault audit verify FILE' });
    } catch (error) {
      warn('The audit log could not be exported', error instanceof Error ? error.message : undefined);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon={Download} busy={isBusy} onClick={() => void run()}>
      Export
    </Button>
  );
}

async function exported(client: Client): Promise<string[]> {
  const { header, from, to, closing } = await client.call('exportAudit', {});
  const lines: unknown[] = [header];
  for (let next: number | null = from; next !== null; ) {
    const page: { items: unknown[]; next: number | null } = await client.call('readAuditLog', { from: next, to });
    lines.push(...page.items);
    next = page.next;
  }
  return [...lines, closing].map((line) => `${JSON.stringify(line)}\n`);
}

function save(lines: readonly string[], name: string): void {
  const url = URL.createObjectURL(new Blob([...lines], { type: 'application/x-ndjson' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
