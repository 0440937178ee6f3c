import { ApiError } from '@mcpvault/contract/client';

/** Whether the hub asks for a code besides what it was given. */
export function needsCode(error: Error | null): boolean {
  return error instanceof ApiError && error.code === 'second_factor_required';
}
