/** The mark: a chart's line inside a jar. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true">
      <rect x="6" y="10" width="36" height="34" rx="9" fill="var(--accent)" />
      <rect x="12" y="3" width="24" height="8" rx="3" fill="var(--accent)" opacity="0.65" />
      <path
        d="M12 28h6l4-9 6 16 4-7h4"
        fill="none"
        stroke="#fff"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
