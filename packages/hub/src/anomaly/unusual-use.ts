import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import type { Anomaly, AnomalyKind } from '@mcpvault/domain/anomaly/observation';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';

const titles: Readonly<Record<AnomalyKind, string>> = {
  rate: 'Many more calls than usual',
  hours: 'Use at an unusual time',
  tools: 'Many more tools than usual',
  'new-tool': 'Tools that were not used before',
  steps: 'An unusual sequence of tools',
  shape: 'Unusual arguments',
  destination: 'Addresses that were not named before',
  size: 'Unusually large arguments',
  volume: 'Much more sent out than usual',
  failures: 'Many calls refused or failed',
  'read-then-send': 'What was read may have been sent elsewhere',
  leak: 'What was read may have been sent to a new address',
};

/** What a caller did that does not fit, for the inbox: with its reasons, and without a value of any message. */
export function unusualUse({ organization, id, member, server, target }: MessageRecord, anomaly: Anomaly): RaisedAlert {
  const { at, bits, reasons } = anomaly;
  const kind = reasons[0]?.kind ?? 'rate';
  const text = reasons.map((reason) => `${reason.text} (${reason.bits} bits).`).join('\n');
  return {
    ...{ organization, at, member, server, kind: 'operational', layer: 'hub', policy: null, message: id },
    severity: bits >= 32 ? 'high' : bits >= 22 ? 'medium' : 'low',
    title: titles[kind],
    tool: target,
    likeness: `unusual use ${member} ${kind}`,
    snapshot: {
      ...{ policy: null, findings: {}, detectors: [], places: [], edits: [], message: null, text },
      fix: 'Look at what the member did around that time. If it is fine, dismiss the alert; it becomes usual by itself.',
    },
  };
}
