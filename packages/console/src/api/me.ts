import { useRead } from './hub.ts';

/** Who is signed in; undefined until the hub has said so. */
export function useMe() {
  return useRead('me', {}).data;
}

/** Whether the member may make, rename and suspend organizations: others have the permission for nothing. */
export function useRunsHub(): boolean {
  const me = useMe();
  return me !== undefined && me.organization.runsHub && me.permissions.includes('organizations:manage');
}

/** Whether the member may do this: what they may not is not offered. The hub decides again, always. */
export function useMay(): (permission: string) => boolean {
  const permissions = useMe()?.permissions ?? [];
  return (permission) => permissions.includes(permission);
}
