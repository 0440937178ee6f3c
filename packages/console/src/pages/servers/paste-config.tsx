import type { Server } from './server-status.tsx';

export function PasteConfig(_: { readonly known: readonly Server[]; readonly onClose: () => void }) {
  return null;
}
