// Saves the whole log as a file that can be checked without the hub.
import type { Client } from '@mcpvault/contract/client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { saveFile } from './save-file.ts';

export function ExportAudit() {
  const { client } = useHub();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      const lines = await exported(client);
      saveFile(lines, `audit-${new Date().toISOString().slice(0, 10)}.jsonl`, 'application/x-ndjson');
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
  const { header, from, to, closing } = await client.call('exportAudit', { calls: true });
  const lines: unknown[] = [header];
  for (let next: number | null = from; next !== null; ) {
    const page: { items: unknown[]; next: number | null } = await client.call('readAuditLog', {
      from: next,
      to,
      calls: 'true',
    });
    lines.push(...page.items);
    next = page.next;
  }
  return [...lines, closing].map((line) => `${JSON.stringify(line)}\n`);
}
