// How pages read from and write to the hub: the contract's typed client behind TanStack Query. Keys begin with the area of
// the operation, so that "something of this area changed" makes exactly that area be read again.
import { ApiError, type Client } from '@mcpvault/contract/client';
import type { InputOf, OutputOf } from '@mcpvault/contract/operation';
import { type OperationKey, type Operations, operations } from '@mcpvault/contract/operations';
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  type QueryKey,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, use, useMemo } from 'react';
import type { Live } from '../live/live.ts';
import type { Session } from '../session/session.ts';

export interface Hub {
  readonly client: Client;
  readonly session: Session;
  readonly live: Live;
}

export const HubContext = createContext<Hub | null>(null);

export function useHub(): Hub {
  const hub = use(HubContext);
  if (!hub) throw new Error('There is no hub around this component.');
  return hub;
}

export type Output<Key extends OperationKey> = OutputOf<Operations[Key]>;
export type Input<Key extends OperationKey> = InputOf<Operations[Key]>;
type ListKey = { [Key in OperationKey]: Output<Key> extends { next: string | null } ? Key : never }[OperationKey];
export type ItemOf<Key extends ListKey> = Output<Key> extends { items: readonly (infer Item)[] } ? Item : never;

/** The part of an operation's name before the dot: `servers`, `messages`. */
export function areaOf(key: OperationKey): string {
  return operations[key].name.split('.')[0] ?? '';
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // What the hub refused stays refused; what did not reach it may do so next time.
        retry: (times, error) =>
          times < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  });
}

export function read<Key extends OperationKey>(client: Client, key: Key, input: Input<Key>) {
  return queryOptions({
    queryKey: [areaOf(key), key, input] as QueryKey,
    queryFn: ({ signal }) => client.call(key, input, { signal }),
  });
}

interface ReadOptions {
  readonly enabled?: boolean;
  /** Milliseconds between readings, while the page is seen. */
  readonly every?: number | false;
  /** Read once and kept: for what never changes. */
  readonly once?: boolean;
  /** Shows the last answer while another input is being read. */
  readonly keep?: boolean;
}

export function useRead<Key extends OperationKey>(key: Key, input: Input<Key>, options: ReadOptions = {}) {
  const { client } = useHub();
  return useQuery({
    ...read(client, key, input),
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(options.once ? { staleTime: Number.POSITIVE_INFINITY } : {}),
  });
}

/** All pages read so far as one list. */
export function usePages<Key extends ListKey>(key: Key, input: Input<Key>, options: ReadOptions = {}) {
  const { client } = useHub();
  const query = useInfiniteQuery({
    queryKey: [areaOf(key), key, 'pages', input] as QueryKey,
    queryFn: ({ pageParam, signal }) =>
      client.call(key, { ...input, ...(pageParam === null ? {} : { cursor: pageParam }) } as Input<Key>, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last as { next: string | null }).next,
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
  });
  const data = query.data as InfiniteData<{ readonly items: readonly ItemOf<Key>[] }> | undefined;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  return { ...query, items };
}

/** The whole of a short list, for choosing from. Reads on until there is no next page. */
export function useAll<Key extends ListKey>(key: Key, input: Input<Key>, options: ReadOptions = {}) {
  const { client } = useHub();
  return useQuery({
    queryKey: [areaOf(key), key, 'all', input] as QueryKey,
    queryFn: async ({ signal }) => {
      const items: ItemOf<Key>[] = [];
      let cursor: string | null = null;
      do {
        const asked = { ...input, limit: 200, ...(cursor === null ? {} : { cursor }) } as Input<Key>;
        const page = (await client.call(key, asked, { signal })) as { items: ItemOf<Key>[]; next: string | null };
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== null && items.length < 5000);
      return items;
    },
    enabled: options.enabled ?? true,
  });
}

/** A write; afterwards its own area and the named ones are read again. */
export function useWrite<Key extends OperationKey>(key: Key, ...areas: readonly string[]) {
  const { client } = useHub();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input<Key>) => client.call(key, input),
    onSettled: () =>
      Promise.all([areaOf(key), ...areas].map((area) => queries.invalidateQueries({ queryKey: [area] }))).then(
        () => undefined,
      ),
  });
}
