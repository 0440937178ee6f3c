/** The vault's door: also the icon of the page (mark.svg). */
export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg className="mark" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <rect className="mark-door" x="1" y="1" width="22" height="22" rx="6" />
      <g fill="none" stroke="#fff" strokeLinecap="round" strokeWidth="1.8">
        <circle cx="12" cy="12" r="6.4" />
        <path d="M12 12V8.2M12 12l3.3 1.9M12 12l-3.3 1.9" />
      </g>
      <circle className="mark-hub" cx="12" cy="12" r="1.7" />
    </svg>
  );
}
