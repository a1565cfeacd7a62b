const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A count with its thousands separated. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count and its noun, for example "1 person" or "1,204 people". */
export function countOf(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A short duration, for example "12 ms" or "1.4 s". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${whole.format(durationMs)} ms`;
  return durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)} s` : `${whole.format(durationMs / 1000)} s`;
}
