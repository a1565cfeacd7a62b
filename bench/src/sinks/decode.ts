import { User } from '@roster/proto/gen/userservice/v1/user';
import type { RowMark } from './sink-protocol.ts';

/** What a message means to a watcher. */
export interface Decoded {
  readonly isList: boolean;
  readonly rows: readonly RowMark[];
  readonly removed: readonly string[];
  readonly resumeToken: string | undefined;
}

const nothing: Decoded = { isList: false, rows: [], removed: [], resumeToken: undefined };

/** Decodes a message once for all watchers that receive the same bytes: the bench's own work must not fill the processor. */
export function decodeOnce(decode: (bytes: Buffer) => Decoded): (bytes: Buffer) => Decoded {
  const known = new Map<string, Decoded>();
  return (bytes) => {
    const key = bytes.toString('latin1');
    const found = known.get(key);
    if (found) return found;
    const decoded = decode(bytes);
    known.set(key, decoded);
    if (known.size > 500) known.clear();
    return decoded;
  };
}

export function decodeEnvelope(bytes: Buffer): Decoded {
  const event = User.fromBinary(bytes).feed?.event;
  switch (event?.oneofKind) {
    case 'begin':
      return { ...nothing, isList: true };
    case 'changes':
      return {
        ...nothing,
        rows: event.changes.upserts.map(markOf),
        removed: event.changes.removals.map(({ id }) => id),
      };
    case 'end':
      return { ...nothing, resumeToken: event.end.resumeToken };
    case 'checkpoint':
      return { ...nothing, resumeToken: event.checkpoint.resumeToken };
    default:
      return nothing;
  }
}

export function decodeUser(bytes: Buffer): Decoded {
  return { ...nothing, rows: [markOf(User.fromBinary(bytes))] };
}

export function decodeSse(bytes: Buffer): Decoded {
  const data = /^data: (.*)$/m.exec(bytes.toString())?.[1];
  if (data === undefined) return nothing;
  const { user } = JSON.parse(data) as { user: RowMark };
  return { ...nothing, rows: [markOf(user)] };
}

export function markOf({ id, revision, name }: RowMark): RowMark {
  return { id, revision, name };
}
