/** How long a marker is; see c/marker.h, which reads it. */
export const MARKER_CHARS = 29;

/** Says which order it is and that it was sent now, on the clock that the C clients read too. */
export function writeMarker(order: number): string {
  const hex = (value: number | bigint, digits: number) => value.toString(16).padStart(digits, '0');
  return `mrk-${hex(order, 8)}-${hex(process.hrtime.bigint(), 16)}`;
}
