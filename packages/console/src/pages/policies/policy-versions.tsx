import { diffLines } from 'diff';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useAll, useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { modeTones } from './mode-tones.ts';
import { type Definition, modeWords } from './policy-words.ts';

interface PolicyVersionsProps {
  readonly definition: Definition;
  /** As it is written in the editor. */
  readonly current: string;
  readonly mayWrite: boolean;
  /** Takes an old text into the editor. */
  readonly onTake: (text: string) => void;
}

type Version = ItemOf<'listPolicyVersions'>;

/** What it said before, who changed it and why, with the difference to what is in the editor. */
export function PolicyVersions({ definition, current, mayWrite, onTake }: PolicyVersionsProps) {
  const versions = useRead('listPolicyVersions', { id: definition.id });
  const may = useMay();
  const members = useAll('listMembers', {}, { enabled: may('members:read') }).data;
  const [chosen, setChosen] = useState<number | null>(null);
  const items = versions.data?.items;
  const shown = chosen ?? items?.[1]?.version ?? items?.[0]?.version ?? null;
  const nameOf = (id: string | null) =>
    id === null ? 'MCPVault' : (members?.find((member) => member.id === id)?.name ?? id);
  if (versions.error) return <Problem error={versions.error} onRetry={() => void versions.refetch()} />;
  if (items === undefined) return <SkeletonLines count={6} label="Loading versions" />;
  return (
    <div className="policy-versions">
      <ol className="version-list" aria-label="Versions, newest first" reversed>
        {items.map((one) => (
          <li key={one.version}>
            <button
              type="button"
              className="version"
              aria-pressed={one.version === shown}
              onClick={() => setChosen(one.version)}
            >
              <VersionLine version={one} by={nameOf(one.madeBy)} isNow={one.version === definition.version} />
            </button>
          </li>
        ))}
      </ol>
      {shown !== null && (
        <VersionDifference
          key={shown}
          id={definition.id}
          version={shown}
          current={current}
          mayWrite={mayWrite}
          onTake={onTake}
        />
      )}
    </div>
  );
}

function VersionLine({
  version,
  by,
  isNow,
}: {
  readonly version: Version;
  readonly by: string;
  readonly isNow: boolean;
}) {
  return (
    <>
      <span className="row">
        <strong className="num">{`Version ${version.version}`}</strong>
        <Badge tone={modeTones[version.mode]}>{modeWords(version)}</Badge>
        {isNow && <Badge>now</Badge>}
      </span>
      <span className="soft">
        {by}, <RelativeTime at={version.madeAt} />
      </span>
      {version.note !== '' && <span>{version.note}</span>}
    </>
  );
}

interface VersionDifferenceProps {
  readonly id: `pol_${string}`;
  readonly version: number;
  readonly current: string;
  readonly mayWrite: boolean;
  readonly onTake: (text: string) => void;
}

function VersionDifference({ id, version, current, mayWrite, onTake }: VersionDifferenceProps) {
  const old = useRead('readPolicyText', { id, version });
  if (old.error) return <Problem error={old.error} title="The version could not be read" />;
  if (!old.data) return <SkeletonLines count={8} label="Loading the version" />;
  const { text } = old.data;
  return (
    <section className="version-difference" aria-label={`Version ${version} and what is in the editor`}>
      <div className="row">
        <h3>{`From version ${version} to what is in the editor`}</h3>
        {mayWrite && text !== current && (
          <Button size="small" icon={RotateCcw} onClick={() => onTake(text)}>
            {`Take version ${version} into the editor`}
          </Button>
        )}
      </div>
      <LineDifference before={text} after={current} />
    </section>
  );
}

/** Lines that went, came and stayed; told by signs as well as by colours. */
export function LineDifference({ before, after }: { readonly before: string; readonly after: string }) {
  if (before === after) return <p className="soft">They are the same.</p>;
  const parts = diffLines(before, after);
  return (
    <pre className="difference" tabIndex={0} role="region" aria-label="Differences, line by line">
      {parts.flatMap(({ value, added, removed }, part) =>
        value
          .replace(/\n$/, '')
          .split('\n')
          .map((line, index) => (
            // Lines of a difference have no other identity.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={`${part} ${index}`} data-sign={added ? '+' : removed ? '-' : undefined}>
              {`${added ? '+' : removed ? '-' : ' '} ${line}\n`}
            </span>
          )),
      )}
    </pre>
  );
}
