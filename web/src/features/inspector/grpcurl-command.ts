import { hiddenValue, type RecordedCall } from '../../rpc/recorder.ts';
import { decodeBody } from './decode-body.ts';
import { jsonText } from './message-json.ts';

/** What the page cannot know or must not say, for the shell to fill in by the names that the README uses: a token, and the port of plain gRPC on loopback. */
const token = '-H "authorization: Bearer $ROSTER_TOKEN"';
const nativeAddress = `"localhost:\${ROSTER_GRPC_PORT:-50051}"`;

/** What the transport adds by itself, what a token takes the place of, and the id that names this one call in the logs. */
const notCopied = new Set([
  'accept',
  'authorization',
  'content-type',
  'grpc-timeout',
  'user-agent',
  'x-grpc-web',
  'x-request-id',
]);

/** The command, or why there is none. */
export type GrpcurlCommand = { readonly text: string } | { readonly refusal: string };

/** The call as a command for a POSIX shell, which calls with a token of its own. */
export function grpcurlCommand(call: RecordedCall): GrpcurlCommand {
  const { method, metadata, timeoutMs } = call;
  const request = decodeBody(method.I, call.request);
  if (request.kind === 'hidden') return { refusal: 'The request may hold a secret, so it was not kept.' };
  if (request.kind === 'dropped') return { refusal: 'The request had to make room for newer ones.' };
  if (request.kind === 'unreadable') return { refusal: `The request cannot be read: ${request.reason}` };
  return {
    text: [
      'grpcurl -plaintext',
      ...(timeoutMs === undefined ? [] : [`-max-time ${timeoutMs / 1000}`]),
      token,
      ...headerArguments(metadata),
      `-d ${quote(jsonText(request.json))}`,
      nativeAddress,
      `${method.service.typeName}/${method.name}`,
    ].join(' '),
  };
}

function headerArguments(metadata: RecordedCall['metadata']): readonly string[] {
  return Object.entries(metadata).flatMap(([name, values]) => {
    if (notCopied.has(name.toLowerCase()) || values === hiddenValue) return [];
    return [values].flat().map((value) => `-H ${quote(`${name}: ${value}`)}`);
  });
}

/** One word for a POSIX shell, whatever is in the text: between single quotes only the single quote itself means something. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
