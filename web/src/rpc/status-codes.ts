/** The names of the gRPC status codes, each at its number. */
export const statusCodes = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

export type StatusCode = (typeof statusCodes)[number];

/** Reads the text of a `grpc-status`; undefined unless it is the plain decimal number of a known code. */
export function parseStatusCode(text: string): StatusCode | undefined {
  return /^\d{1,2}$/.test(text) ? statusCodes[Number(text)] : undefined;
}
