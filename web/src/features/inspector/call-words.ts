import type { RpcMetadata } from '@protobuf-ts/runtime-rpc';
import { formatDuration } from '../../lib/format-number.ts';
import type { RecordedCall } from '../../rpc/recorder.ts';

export type CallTone = 'plain' | 'good' | 'bad';

const exactTime = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** To the millisecond, for example "12:04:31.207". */
export const formatWireTime = (at: number): string => exactTime.format(at);

/** For example "34 B" or "1.2 kB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${oneDigit.format(bytes / 1000)} kB` : `${oneDigit.format(bytes / 1_000_000)} MB`;
}

/** The gRPC status, or that the call is under way. */
export function statusWord({ ended }: RecordedCall): string {
  return ended ? ended.code : 'open';
}

/** A cancelled call ended because its caller wanted that. */
export function statusTone({ ended }: RecordedCall): CallTone {
  if (!ended || ended.code === 'CANCELLED') return 'plain';
  return ended.code === 'OK' ? 'good' : 'bad';
}

export function tookMs(call: RecordedCall, now: number): number {
  return Math.max(0, (call.ended?.at ?? now) - call.startedAt);
}

/** How much of its deadline a call has used. */
export function deadlineWords(call: RecordedCall, now: number): string {
  const took = formatDuration(tookMs(call, now));
  if (call.timeoutMs === undefined) return `${took}, no deadline`;
  const used = call.timeoutMs === 0 ? 100 : (tookMs(call, now) / call.timeoutMs) * 100;
  return `${took} of ${formatDuration(call.timeoutMs)} (${oneDigit.format(used)} %)`;
}

/** By which the server's log knows the call. */
export function requestIdOf({ metadata }: RecordedCall): string | undefined {
  const id = metadata['x-request-id'];
  return typeof id === 'string' ? id : undefined;
}

export function metadataLines(metadata: Readonly<RpcMetadata>): readonly (readonly [string, string])[] {
  return Object.entries(metadata)
    .flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether a call has every word of a filter in its method, status or request id. */
export function matchesFilter(call: RecordedCall, filter: string): boolean {
  const { service, name } = call.method;
  const text = `${service.typeName}/${name} ${statusWord(call)} ${requestIdOf(call) ?? ''}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
