import { type IMessageType, isJsonObject, type JsonObject, type JsonValue } from '@protobuf-ts/runtime';
import { FieldMask } from '@roster/proto/gen/google/protobuf/field_mask';
import { hiddenValue, type RecordedCall } from '../../rpc/recorder.ts';
import { decodeBody } from './decode-body.ts';
import { jsonText } from './message-json.ts';

/** Where programs reach Roster: plain gRPC on loopback. */
export const nativeAddress = 'localhost:50051';

/** What the transport adds by itself, and the id that names this one call in the logs. */
const notCopied = new Set(['accept', 'content-type', 'grpc-timeout', 'user-agent', 'x-grpc-web', 'x-request-id']);

/** The command, or why there is none. */
export type GrpcurlCommand = { readonly text: string } | { readonly refusal: string };

/** The call as a command for a POSIX shell. What was hidden stands in it as a variable to fill in. */
export function grpcurlCommand(call: RecordedCall, address = nativeAddress): GrpcurlCommand {
  const { method, metadata, timeoutMs } = call;
  const request = decodeBody(method.I, call.request);
  if (request.kind === 'dropped') return { refusal: 'The request had to make room for newer ones.' };
  if (request.kind === 'unreadable') return { refusal: `The request cannot be read: ${request.reason}` };
  const data = protoJson(method.I, request.json);
  if (data === undefined) return { refusal: 'The request has a field mask that JSON cannot say.' };
  return {
    text: [
      'grpcurl -plaintext',
      ...(timeoutMs === undefined ? [] : [`-max-time ${timeoutMs / 1000}`]),
      ...headerArguments(metadata),
      `-d ${quote(jsonText(data))}`,
      address,
      `${method.service.typeName}/${method.name}`,
    ].join(' '),
  };
}

function headerArguments(metadata: RecordedCall['metadata']): readonly string[] {
  return Object.entries(metadata).flatMap(([name, values]) => {
    if (notCopied.has(name.toLowerCase())) return [];
    if (values === hiddenValue)
      return name.toLowerCase() === 'authorization' ? [`-H "authorization: $AUTHORIZATION"`] : [];
    return [values].flat().map((value) => `-H ${quote(`${name}: ${value}`)}`);
  });
}

/** One word for a POSIX shell, whatever is in the text: between single quotes only the single quote itself means something. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Says field masks as ProtoJSON does; undefined where a path has no such form. */
function protoJson(type: IMessageType<object>, json: JsonValue): JsonValue | undefined {
  if (!isJsonObject(json)) return json;
  const result: JsonObject = { ...json };
  for (const field of type.fields) {
    const value = json[field.jsonName];
    if (field.kind !== 'message' || value === undefined || field.repeat) continue;
    const next = field.T().typeName === FieldMask.typeName ? maskJson(value) : protoJson(field.T(), value);
    if (next === undefined) return undefined;
    result[field.jsonName] = next;
  }
  return result;
}

function maskJson(paths: JsonValue): JsonValue | undefined {
  try {
    return FieldMask.toJson({ paths: [paths].flat().map(String) });
  } catch {
    return undefined;
  }
}
