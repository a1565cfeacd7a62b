import type { AppError } from '../../../rpc/app-error.ts';

/** What a failed save means for what was typed. */
export function saveSentence(error: AppError): string {
  switch (error.kind) {
    case 'unreachable':
      return `${error.message} Nothing you typed is lost; save again when the connection is back.`;
    case 'timeout':
      return `${error.message} It is not known whether the change was made; saving again is safe.`;
    case 'conflict':
      return `${error.message} Save again to put your changes on top.`;
    case 'limited':
      return error.retryAfterMs === undefined
        ? error.message
        : `${error.message} Try again in ${Math.ceil(error.retryAfterMs / 1000)} s.`;
    case 'invalid':
    case 'taken':
    case 'not-found':
    case 'rule':
    case 'not-permitted':
    case 'signed-out':
    case 'sign-in-failed':
    case 'unconfirmed':
    case 'fault':
      return error.message;
  }
}
