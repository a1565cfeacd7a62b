import { limits } from '@roster/proto/limits';
import type { ChangeRow } from './change-rows.ts';

/** Splits entries into messages that stay below the limit. */
export function* chunksOf(rows: readonly ChangeRow[]): Iterable<readonly ChangeRow[]> {
  let chunk: ChangeRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = largestSize(row);
    if (chunk.length > 0 && bytes + size > limits.feedMessageBytes) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(row);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** No entry takes more bytes: it holds parts of the two users, the paths, and some ids and names. */
function largestSize({ before, after, paths, actor, actor_id: actorId }: ChangeRow): number {
  const texts = [...paths, actor, actorId];
  return (before?.length ?? 0) + 2 * after.length + texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 4, 400);
}
