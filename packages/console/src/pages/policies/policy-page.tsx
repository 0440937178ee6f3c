import { getRouteApi, Link } from '@tanstack/react-router';
import { useRead } from '../../api/hub.ts';
import { useMe } from '../../api/me.ts';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { PolicyWorkspace } from './policy-workspace.tsx';

const route = getRouteApi('/signed-in/policies/$id');
const fresh = getRouteApi('/signed-in/policies/new');

const begun = `name: ''
reason: ''
severity: medium
mode: enforce
detectors: [secrets]
actions:
  - type: redact
    style: label
`;

/** One policy: its text and form, what it would do, and what it was before. */
export function PolicyPage() {
  const id = route.useParams().id as `pol_${string}`;
  const search = route.useSearch();
  const definition = useRead('getDefinition', { id });
  const text = useRead('readPolicyText', { id });
  // Whether it may be written is known before it is shown: what one began to type must not be lost.
  const me = useMe();
  const error = definition.error ?? text.error;
  if (definition.data && text.data && me)
    return <PolicyWorkspace key={id} definition={definition.data} text={text.data.text} search={search} />;
  return (
    <Page title="Policy" trail={<Link to="/policies">Policies</Link>}>
      {error ? (
        <Problem error={error} title="The policy could not be read" onRetry={() => void definition.refetch()} />
      ) : (
        <SkeletonLines count={10} label="Loading the policy" />
      )}
    </Page>
  );
}

/** A policy that is not saved yet: empty, or one of the library to begin with. */
export function NewPolicyPage() {
  const search = fresh.useSearch();
  const me = useMe();
  const library = useRead('listPolicyLibrary', {}, { once: true, enabled: search.from !== undefined });
  const found = library.data?.items.find(({ name }) => name === search.from);
  const isKnown = search.from === undefined || library.data !== undefined || library.error !== null;
  if (me && isKnown)
    return <PolicyWorkspace key={search.from ?? ''} definition={null} text={found?.text ?? begun} search={search} />;
  return (
    <Page title="New policy" trail={<Link to="/policies">Policies</Link>}>
      <SkeletonLines count={10} label="Loading the policy" />
    </Page>
  );
}
