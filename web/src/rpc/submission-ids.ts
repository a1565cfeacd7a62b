import { createRequestId } from './request-id.ts';

/** Gives each submission the `request_id` under which the server lets it happen once (AIP-155). */
export interface SubmissionIds {
  /** The same id for the same content until that is settled: a retry, a second click and a repeat after a timeout are one submission. */
  idFor(content: string): string;
  /** The server has answered, so the same content sent again is meant again. */
  settle(): void;
}

export function createSubmissionIds(newId: () => string = createRequestId): SubmissionIds {
  let open: { readonly content: string; readonly requestId: string } | undefined;
  return {
    idFor(content) {
      if (open?.content !== content) open = { content, requestId: newId() };
      return open.requestId;
    },
    settle() {
      open = undefined;
    },
  };
}
