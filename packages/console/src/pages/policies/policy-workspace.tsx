// One policy being worked on: what is written lives here, whichever tab is shown.
import { Link, useBlocker, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Save } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { LinkTabs } from '../../parts/tabs.tsx';
import { PolicyBacktest } from './backtest/policy-backtest.tsx';
import { PolicyEdit } from './editor/policy-edit.tsx';
import { asText } from './editor/values.ts';
import { PolicyShadow } from './policy-shadow.tsx';
import type { PolicySearch, PolicyTab } from './policy-tabs.ts';
import { PolicyVersions } from './policy-versions.tsx';
import { type Definition, modeWords } from './policy-words.ts';
import { saveFile } from '../audit/save-file.ts';
import { SavePolicy } from './save-policy.tsx';
import { PolicyTry } from './try/policy-try.tsx';
import { modeTones } from './mode-tones.ts';
import { usePolicyActions } from './use-policy-actions.ts';
import { usePolicyDraft } from './use-policy-draft.ts';
import './policies-page.css';

interface PolicyWorkspaceProps {
  /** null: it is not saved yet. */
  readonly definition: Definition | null;
  /** As it is saved. */
  readonly text: string;
  readonly search: PolicySearch;
}

const tabLabels: Readonly<Record<PolicyTab, string>> = {
  edit: 'Edit',
  try: 'Try',
  backtest: 'Backtest',
  shadow: 'Watched',
  versions: 'Versions',
};

export function PolicyWorkspace({ definition, text, search }: PolicyWorkspaceProps) {
  const mayWrite = useMay()('policies:write');
  const navigate = useNavigate();
  const confirm = useConfirm();
  const actions = usePolicyActions();
  const [saved, setSaved] = useState(text);
  const [base, setBase] = useState(definition?.version ?? 0);
  const draft = usePolicyDraft(text);
  const [isSaving, setSaving] = useState(false);
  const isChanged = draft.text !== saved;
  const tab = search.tab ?? 'edit';
  const name = asText(draft.values?.['name']).trim() || definition?.name || 'New policy';

  // What somebody else saved is taken over, unless there is something here to lose.
  const isOutdated = definition !== null && definition.version > base;
  if (isOutdated && !isChanged && text !== saved) {
    setSaved(text);
    setBase(definition.version);
    draft.set(text);
  }
  useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (!isChanged || current.pathname === next.pathname) return false;
      return !(await confirm({
        title: 'Leave without saving?',
        text: 'What you changed in this policy would be lost.',
        action: 'Leave',
        danger: true,
      }));
    },
    enableBeforeUnload: () => isChanged,
  });
  useShortcuts({ 'mod+s': () => mayWrite && setSaving(true) });

  const removeIt = async (policy: Definition) => {
    if (await actions.remove(policy)) await navigate({ to: '/policies', ignoreBlocker: true });
  };

  const tabs = (['edit', 'try', 'backtest', 'shadow', 'versions'] as const).filter(
    (one) =>
      (definition !== null || (one !== 'shadow' && one !== 'versions')) &&
      (mayWrite || (one !== 'try' && one !== 'backtest')),
  );
  const here = (next: PolicyTab) => {
    const params = { tab: next, from: search.from };
    return definition === null
      ? ({ to: '/policies/new', search: params } as const)
      : ({ to: '/policies/$id', params: { id: definition.id }, search: params } as const);
  };

  return (
    <Page
      wide
      title={name}
      trail={<Link to="/policies">Policies</Link>}
      heading={
        <span className="row">
          {name}
          {definition !== null && <Badge tone={modeTones[definition.mode]}>{modeWords(definition)}</Badge>}
          {isChanged && <Badge tone="warn">not saved</Badge>}
        </span>
      }
      text={
        definition === null ? (
          'Begin with the form or the text: each shows what you write in the other. Nothing holds until it is saved.'
        ) : (
          <>
            Version {definition.version}, changed <RelativeTime at={definition.updatedAt} />
            {definition.note === '' ? '.' : `: ${definition.note}`}
          </>
        )
      }
      actions={
        <>
          {mayWrite && (
            <Button kind="primary" icon={Save} aria-keyshortcuts="Control+S" onClick={() => setSaving(true)}>
              Save…
            </Button>
          )}
          {definition !== null && (
            <Menu
              trigger={<IconButton icon={Ellipsis} label="More" />}
              actions={[
                {
                  label: 'Download as YAML',
                  onSelect: () => saveFile([saved], `${fileName(name)}.yaml`, 'application/yaml'),
                },
                ...(mayWrite
                  ? [
                      null,
                      {
                        label: 'Remove…',
                        danger: true,
                        onSelect: () => void removeIt(definition),
                      },
                    ]
                  : []),
              ]}
            />
          )}
        </>
      }
    >
      {isOutdated && isChanged && (
        <Notice tone="warn" title={`Version ${definition.version} was saved meanwhile`}>
          <p>Saving now would put yours in its place. Versions shows how they differ.</p>
        </Notice>
      )}
      {definition?.fellBack && <FellBack definition={definition} />}
      <LinkTabs
        label="Parts of the policy"
        tabs={tabs.map((one) => ({ label: tabLabels[one], link: here(one), active: one === tab }))}
      />
      {/* What was typed, and how to undo it, outlives a look at another tab. */}
      <div hidden={tab !== 'edit'}>
        <PolicyEdit
          draft={draft}
          isUntouched={definition === null && !isChanged && search.from === undefined}
          mayWrite={mayWrite}
          onSave={() => setSaving(true)}
        />
      </div>
      {tab === 'try' && mayWrite && <PolicyTry draft={draft} message={search.message ?? null} />}
      {tab === 'backtest' && mayWrite && (
        <PolicyBacktest
          draft={draft}
          replaces={definition?.id ?? null}
          run={search.run ?? null}
          onRun={(run) =>
            void (definition === null
              ? navigate({ to: '/policies/new', search: { ...search, run: run ?? undefined }, replace: true })
              : navigate({
                  to: '/policies/$id',
                  params: { id: definition.id },
                  search: { ...search, run: run ?? undefined },
                  replace: true,
                }))
          }
        />
      )}
      {tab === 'shadow' && definition !== null && <PolicyShadow definition={definition} />}
      {tab === 'versions' && definition !== null && (
        <PolicyVersions
          definition={definition}
          current={draft.text}
          mayWrite={mayWrite}
          onTake={(old) => {
            draft.set(old);
            void navigate({ to: '/policies/$id', params: { id: definition.id }, search: {} });
          }}
        />
      )}
      {isSaving && (
        <SavePolicy
          draft={draft}
          definition={definition}
          onClose={() => setSaving(false)}
          onSaved={({ id, version }, now) => {
            setBase(version);
            setSaving(false);
            setSaved(now);
            draft.set(now);
            if (definition === null) void navigate({ to: '/policies/$id', params: { id }, ignoreBlocker: true });
          }}
        />
      )}
    </Page>
  );
}

function FellBack({ definition }: { readonly definition: Definition }) {
  const { fellBack } = definition;
  if (fellBack === null) return null;
  return (
    <Notice tone="warn" title="It was over its budget, and only watches now">
      <p>
        It stopped or changed {fellBack.acted} of {fellBack.asked} messages (<RelativeTime at={fellBack.at} />
        ). Look at what it met under Watched, mend it, and save it with the mode enforce to have it act again.
      </p>
    </Notice>
  );
}

function fileName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'policy'
  );
}
