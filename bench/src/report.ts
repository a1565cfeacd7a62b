/** One measured comparison. */
export interface Result {
  readonly name: string;
  /** What the ratio or size means, in words. */
  readonly measured: string;
  readonly value: number;
  readonly unit: '×' | 'KiB' | 'requests' | 'ms' | 'µs';
  /** The value is to be at most this. */
  readonly goal: number;
  /** What was checked in the same run; a figure whose gate fails counts for nothing. */
  readonly gate: { readonly name: string; readonly holds: boolean };
  readonly details: readonly string[];
}

export function printResult(result: Result): void {
  const reached = result.value <= result.goal ? 'reached' : 'not reached';
  console.log(
    `\n${result.name}: ${figure(result.value)} ${result.unit} (goal ≤ ${Number(result.goal.toPrecision(3))}, ${reached})`,
  );
  console.log(`  ${result.measured}`);
  console.log(`  gate: ${result.gate.name}: ${result.gate.holds ? 'holds' : 'FAILS'}`);
  for (const line of result.details) console.log(`  ${line}`);
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function figure(value: number): string {
  return value < 0.1 ? value.toPrecision(2) : value.toFixed(2);
}
