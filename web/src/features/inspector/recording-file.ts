import type { JsonObject, JsonValue } from '@protobuf-ts/runtime';
import type { RecordedBytes, RecordedCall } from '../../rpc/recorder.ts';
import { requestIdOf, statusWord } from './call-words.ts';
import { type DecodedBody, decodeBody } from './decode-body.ts';
import { decodeDetails } from './decode-details.ts';
import { jsonText } from './message-json.ts';
import { streamTimeline } from './stream-timeline.ts';

/** The recording as the text of a JSON file: what the drawer shows, so no more secrets than it does. */
export function recordingText(calls: readonly RecordedCall[], savedAt: number, origin: string): string {
  const recording = { format: 'roster.wire', version: 1, savedAt: iso(savedAt), origin, calls: calls.map(callJson) };
  return `${jsonText(recording, 2)}\n`;
}

function callJson(call: RecordedCall): JsonObject {
  const { method, opened, ended } = call;
  return {
    id: call.id,
    method: `${method.service.typeName}/${method.name}`,
    requestId: requestIdOf(call) ?? null,
    startedAt: iso(call.startedAt),
    tookMs: ended ? ended.at - call.startedAt : null,
    deadlineMs: call.timeoutMs ?? null,
    bytesUp: call.bytesUp,
    bytesDown: call.bytesDown,
    metadata: call.metadata,
    request: bodyJson(decodeBody(method.I, call.request), call.request),
    head: opened && { afterMs: opened.at - call.startedAt, httpStatus: opened.httpStatus, headers: opened.headers },
    frameCount: call.frameCount,
    frames: streamTimeline(call).map(({ frame, note, sinceMs, isAfterGap }) => ({
      number: frame.number,
      afterMs: frame.at - call.startedAt,
      sinceMs,
      isAfterGap,
      kind: note.kind,
      bytes: frame.size,
      message: bodyJson(decodeBody(method.O, frame), frame),
    })),
    status: {
      code: statusWord(call),
      message: ended?.message ?? '',
      details: (ended && decodeDetails(ended.metadata)) ?? [],
      trailers: ended?.metadata ?? {},
    },
  } satisfies Record<string, JsonValue | undefined> as JsonObject;
}

function bodyJson(body: DecodedBody, { size }: RecordedBytes): JsonValue {
  return body.kind === 'decoded' ? body.json : { [body.kind]: `${size} bytes` };
}

const iso = (at: number): string => new Date(at).toISOString();
