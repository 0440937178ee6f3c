import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { buttonLook } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Page } from '../parts/page.tsx';

export function NotFound() {
  return (
    <Page title="Not found">
      <EmptyState
        icon={Compass}
        title="There is nothing at this address"
        text="It may have been removed, or it is not yours to see."
        action={
          <Link to="/" {...buttonLook({ kind: 'primary' })}>
            Go to the overview
          </Link>
        }
      />
    </Page>
  );
}
