import { Bug } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';
import { sentenceOf } from './problem.tsx';

interface Props {
  /** A new value clears the error: the address. */
  readonly at: string;
  readonly children: ReactNode;
}

/** Keeps the rest of the console standing when one page breaks. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown; readonly at: string }> {
  override state = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: { readonly at: string }) {
    return props.at === state.at ? null : { at: props.at, error: null };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <PageBroke error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}

export function PageBroke({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div className="page">
      <EmptyState
        icon={Bug}
        title="This page broke"
        text={sentenceOf(error)}
        action={
          <>
            <Button onClick={onRetry}>Try again</Button>
            <Button kind="quiet" onClick={() => location.reload()}>
              Reload the console
            </Button>
          </>
        }
      />
    </div>
  );
}
