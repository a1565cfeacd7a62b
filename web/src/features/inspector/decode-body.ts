import type { IMessageType, JsonValue } from '@protobuf-ts/runtime';
import type { RecordedBytes } from '../../rpc/recorder.ts';
import { detailTypes } from './decode-details.ts';
import { messageJson } from './message-json.ts';

/** What can be shown of a message: it, that it may hold a secret, that it had to make room for newer ones, or that it is not what the method promises. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly message: object; readonly json: JsonValue }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a recorded message by the method's own type. */
export function decodeBody(type: IMessageType<object>, { bytes, isHidden }: RecordedBytes): DecodedBody {
  if (isHidden) return { kind: 'hidden' };
  if (!bytes) return { kind: 'dropped' };
  try {
    const message = type.fromBinary(bytes);
    return { kind: 'decoded', message, json: messageJson(type, message, { types: detailTypes }) };
  } catch (thrown) {
    return { kind: 'unreadable', reason: String(thrown) };
  }
}
