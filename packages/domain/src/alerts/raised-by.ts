// The alerts that lie with a recorded message, each with all that is needed to understand it later.
import { detectors } from '../inspection/detector-catalog.ts';
import type { Finding } from '../inspection/finding.ts';
import type { PolicyAlert } from '../policy/effect.ts';
import type { MessageRecord } from '../record/message-record.ts';
import type { Edit } from '../redaction/edit.ts';
import type { AlertEdit, AlertPlace, AlertSnapshot, DetectorSnapshot, RaisedAlert } from './alert.ts';

/** Bounds of a snapshot: what is beyond lies with the message. */
const placesAtMost = 20;
const editsAtMost = 20;
const targetAtMost = 300;

/** In the order of the message: first what the call raised, then what its result raised. */
export function alertsRaisedBy(record: MessageRecord): readonly RaisedAlert[] {
  const { judged } = record;
  if (judged === null) return [];
  return (['call', 'result'] as const).flatMap((side) =>
    (judged[side]?.alerts ?? []).map((alert) => raised(record, side, alert)),
  );
}

function raised(record: MessageRecord, side: 'call' | 'result', alert: PolicyAlert): RaisedAlert {
  const { organization, at, member, server, id } = record;
  const tool = record.method === 'tools/call' ? shortened(record.target) : null;
  const layer = alert.layer ?? 'hub';
  const kinds = Object.keys(alert.findings).toSorted();
  return {
    ...{ organization, at, member, server, tool, kind: 'policy', message: id },
    layer,
    severity: alert.severity,
    title: alert.title,
    policy: alert.policy,
    likeness: [
      layer === 'hub' ? 'policy' : 'workstation policy',
      alert.policy,
      alert.title,
      member,
      server ?? '',
      tool ?? '',
      ...kinds,
    ].join('\n'),
    snapshot: snapshotOf(record, side, alert),
  };
}

function snapshotOf(record: MessageRecord, side: 'call' | 'result', alert: PolicyAlert): AlertSnapshot {
  const findings = side === 'call' ? record.requestFindings : record.responseFindings;
  const edits = side === 'call' ? record.requestEdits : record.responseEdits;
  const { method, serverName, client, protocol, outcome, trace } = record;
  return {
    // Of the policy’s definition whoever stores the alert adds what is known.
    policy: {
      ...{ id: alert.policy, version: alert.version, name: alert.name },
      ...{ reason: null, condition: null, detectors: [], threshold: 0 },
    },
    findings: alert.findings,
    detectors: Object.keys(alert.findings).flatMap(detectorOf),
    places: findings
      .filter(({ detector }) => Object.hasOwn(alert.findings, detector))
      .slice(0, placesAtMost)
      .map((finding) => placeOf(side, finding)),
    edits: edits
      .filter(({ policy }) => policy === alert.policy)
      .slice(0, editsAtMost)
      .map((edit) => editOf(side, edit)),
    message: {
      ...{ method, target: shortened(record.target), serverName, client, protocol, outcome, trace },
      did: alert.outcome,
    },
    text: '',
    fix: null,
  };
}

function detectorOf(id: string): readonly DetectorSnapshot[] {
  const known = detectors.find((detector) => detector.id === id);
  return known === undefined ? [] : [{ id, title: known.title, group: known.group }];
}

function placeOf(side: AlertPlace['side'], { detector, pointer, inKey, confidence }: Finding): AlertPlace {
  return { side, detector, pointer, inKey, confidence };
}

function editOf(side: AlertEdit['side'], { start, end, layer, reason, detector }: Edit): AlertEdit {
  return { side, start, end, layer, reason, detector };
}

function shortened(target: string | null): string | null {
  return target === null || target.length <= targetAtMost ? target : `${target.slice(0, targetAtMost).toWellFormed()}…`;
}
