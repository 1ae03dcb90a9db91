/** The product's mark: a parcel standing on the ground that a chain measured. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#3b4cca" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinejoin="round" strokeLinecap="round">
        <path d="M7 10l9-4 9 4v12l-9 4-9-4z" />
        <path d="M7 10l9 5 9-5M16 15v11" strokeOpacity=".6" />
      </g>
    </svg>
  );
}
