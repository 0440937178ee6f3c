import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Plus, ShieldCheck } from 'lucide-react';
import { usePages, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Switch } from '../../parts/field.tsx';
import { Menu } from '../../parts/menu.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { DefinitionCard, isPlain } from './definition-card.tsx';
import { EditPolicy } from './edit-policy.tsx';
import { actionWords, type Detector, detectorWords, directionWords, type Policy } from './policy-words.ts';
import './policies-page.css';

const route = getRouteApi('/signed-in/policies');

export function PoliciesPage() {
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const mayWrite = may('policies:write');
  const policies = usePages('listPolicies', {});
  const definitions = usePages('listDefinitions', {});
  const wholeOf = (id: string) => definitions.items?.find((one) => one.id === id && !isPlain(one)) ?? null;
  const detectors = useRead('listDetectors', {}).data?.items ?? [];
  const show = (next: string | undefined) => void navigate({ to: '/policies', search: { edit: next }, replace: true });
  const edited = policies.items?.find((policy) => policy.id === edit && wholeOf(policy.id) === null) ?? null;
  const addButton = mayWrite && (
    <Button kind="primary" icon={Plus} onClick={() => show('new')}>
      Add policy
    </Button>
  );
  return (
    <Page
      title="Policies"
      text="What happens when a detector finds something in a message: redact it, or refuse the message. Changes hold from the next message on."
      actions={addButton}
    >
      {policies.error && !policies.items && <Problem error={policies.error} onRetry={() => void policies.refetch()} />}
      {!policies.items && !policies.error && <SkeletonLines count={5} label="Loading policies" />}
      {policies.items?.length === 0 && (
        <EmptyState
          icon={ShieldCheck}
          title="No policies"
          text="Without a policy, messages pass as they are; detectors still note what they find."
          action={addButton}
        />
      )}
      <ul className="policies">
        {policies.items?.map((policy) => {
          const whole = wholeOf(policy.id);
          if (whole !== null) return <DefinitionCard key={policy.id} definition={whole} mayWrite={mayWrite} />;
          return (
            <PolicyCard
              key={policy.id}
              policy={policy}
              detectors={detectors}
              mayWrite={mayWrite}
              onEdit={() => show(policy.id)}
            />
          );
        })}
      </ul>
      <MoreButton query={policies} />
      {edit !== undefined && (edit === 'new' ? mayWrite : edited) && (
        <EditPolicy
          key={edit}
          policy={edited}
          detectors={detectors}
          mayWrite={mayWrite}
          onClose={() => show(undefined)}
        />
      )}
    </Page>
  );
}

interface PolicyCardProps {
  readonly policy: Policy;
  readonly detectors: readonly Detector[];
  readonly mayWrite: boolean;
  readonly onEdit: () => void;
}

function PolicyCard({ policy, detectors, mayWrite, onEdit }: PolicyCardProps) {
  const actions = usePolicyActions();
  const refuses = policy.action.type === 'refuse';
  return (
    <li className="card policy" data-off={policy.enabled ? undefined : ''}>
      <div className="policy-words">
        <h2 className="row">
          <Link to="/policies" search={{ edit: policy.id }} className="row-link">
            {policy.name}
          </Link>
          <Badge tone={refuses ? 'bad' : 'brass'}>{refuses ? 'refuse' : 'redact'}</Badge>
          {!policy.enabled && <Badge>off</Badge>}
        </h2>
        <p>
          {actionWords(policy)} when it finds {detectorWords(policy, detectors)} {directionWords(policy)},{' '}
          {policy.servers === null ? 'on every server' : `on ${policy.servers.length} of the servers`}.
        </p>
        <p className="soft">{policy.reason}</p>
      </div>
      {mayWrite && (
        <div className="row">
          <Switch
            quiet
            label={`${policy.name} is on`}
            checked={policy.enabled}
            onChange={(enabled) => void actions.setEnabled(policy, enabled)}
          />
          <Menu
            trigger={<IconButton icon={Ellipsis} label={`Actions for ${policy.name}`} />}
            actions={[
              { label: 'Edit', onSelect: onEdit },
              null,
              { label: 'Remove…', danger: true, onSelect: () => void actions.remove(policy) },
            ]}
          />
        </div>
      )}
    </li>
  );
}

function usePolicyActions() {
  const confirm = useConfirm();
  const update = useWrite('updatePolicy');
  const create = useWrite('createPolicy');
  const remove = useWrite('removePolicy');

  const setEnabled = async (policy: Policy, enabled: boolean): Promise<void> => {
    const { createdAt: _, updatedAt: _at, ...draft } = policy;
    try {
      await update.mutateAsync({ ...draft, enabled });
      say(`${policy.name} is ${enabled ? 'on' : 'off'}`, { undo: () => void setEnabled(policy, !enabled) });
    } catch (error) {
      warn(`${policy.name} could not be changed`, sentenceOf(error));
    }
  };

  return {
    setEnabled,
    remove: async (policy: Policy) => {
      const sure = await confirm({
        title: `Remove “${policy.name}”?`,
        text: 'Messages pass without it from the next one on. What it did stays in the record.',
        action: 'Remove policy',
        danger: true,
      });
      if (!sure) return;
      const { id, createdAt: _, updatedAt: _at, ...draft } = policy;
      const undo = () =>
        create.mutate(draft, { onError: (error) => warn('The policy could not be brought back', sentenceOf(error)) });
      remove.mutate(
        { id },
        {
          onSuccess: () => say(`${policy.name} is removed`, { undo }),
          onError: (error) => warn('The policy could not be removed', sentenceOf(error)),
        },
      );
    },
  };
}
