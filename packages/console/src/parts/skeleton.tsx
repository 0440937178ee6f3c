import './skeleton.css';

/** Grey lines where text will be. */
export function SkeletonLines({ count = 3, label = 'Loading' }: { readonly count?: number; readonly label?: string }) {
  return (
    <div className="skeletons" role="status" aria-label={label}>
      {Array.from({ length: count }, (_, index) => (
        <span key={index} className="skeleton" style={{ width: `${92 - ((index * 37) % 46)}%` }} />
      ))}
    </div>
  );
}
