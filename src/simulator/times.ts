// Moments as the newer APIs answer them. Asks no clock.

/** RFC 3339 as proto JSON writes it, without fractions that are none. https://protobuf.dev/programming-guides/json/ */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
