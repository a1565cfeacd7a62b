import type { StatusCode } from './status-codes.ts';

/**
 * The gRPC status that an HTTP status without a `grpc-status` stands for.
 *
 * A mis-routed path is UNIMPLEMENTED, never NOT_FOUND, so that it cannot read as "there is no such user".
 * https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
 */
export function codeOfHttpStatus(httpStatus: number): StatusCode {
  switch (httpStatus) {
    case 400:
      return 'INTERNAL';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'UNIMPLEMENTED';
    case 429:
    case 502:
    case 503:
    case 504:
      return 'UNAVAILABLE';
    default:
      return 'UNKNOWN';
  }
}

/**
 * Says more exactly what Envoy means: its own answers to gRPC-Web calls say UNAVAILABLE for a spent rate limit and for its timeouts too, and only
 * the HTTP status tells them apart.
 */
export function refineByHttpStatus(code: StatusCode, httpStatus: number): StatusCode {
  if (code !== 'UNAVAILABLE') return code;
  if (httpStatus === 429) return 'RESOURCE_EXHAUSTED';
  return httpStatus === 504 ? 'DEADLINE_EXCEEDED' : code;
}
