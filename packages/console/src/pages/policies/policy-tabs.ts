export const policyTabs = ['edit', 'try', 'backtest', 'shadow', 'versions'] as const;
export type PolicyTab = (typeof policyTabs)[number];

export interface PolicySearch {
  readonly tab?: PolicyTab | undefined;
  /** A recorded message to try. */
  readonly message?: string | undefined;
  /** A backtest that was begun. */
  readonly run?: string | undefined;
  /** Of a new policy: the one of the library that it begins as. */
  readonly from?: string | undefined;
}

type Raw = Readonly<Record<string, unknown>>;

export function parsePolicySearch(raw: Raw): PolicySearch {
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    tab: policyTabs.find((tab) => tab === raw['tab']),
    message: text('message'),
    run: text('run'),
    from: text('from'),
  };
}
