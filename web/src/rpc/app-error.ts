import type { UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';

/** One field at fault, as the server says it. */
export interface FieldError {
  /** The path in the request, for example `email`, `user.name`, `filter`. */
  readonly field: string;
  readonly message: string;
  readonly reason: string;
}

/** A stretch of a text at fault, in code points, from 1. A length of 0: something is missing there. */
export interface TextPlace {
  readonly column: number;
  readonly length: number;
}

/** Every way in which a call can fail, for the screen to handle case by case. A cancel is none of them. */
export type AppError =
  | {
      readonly kind: 'invalid';
      readonly fields: readonly FieldError[];
      /** Where in its field the mistake stands, as the server tells it of a filter. */
      readonly place?: TextPlace;
      readonly message: string;
      readonly requestId?: string;
    }
  | {
      readonly kind: 'taken';
      readonly fields: readonly FieldError[];
      readonly message: string;
      readonly requestId?: string;
    }
  | { readonly kind: 'not-found'; readonly message: string; readonly requestId?: string }
  | {
      readonly kind: 'conflict';
      readonly conflict: UpdateConflict | undefined;
      readonly message: string;
      readonly requestId?: string;
    }
  | { readonly kind: 'rule'; readonly reason: string; readonly message: string; readonly requestId?: string }
  | {
      readonly kind: 'not-permitted';
      /** Why, as a constant of the server; empty where a proxy refused. */
      readonly reason: string;
      readonly fields: readonly FieldError[];
      readonly message: string;
      readonly requestId?: string;
    }
  | { readonly kind: 'signed-out'; readonly message: string; readonly requestId?: string }
  /** Email, password or passkey were not accepted; whoever was signed in still is. */
  | { readonly kind: 'sign-in-failed'; readonly message: string; readonly requestId?: string }
  /** The person must first confirm who they are; shown to nobody who has just declined to. */
  | { readonly kind: 'unconfirmed'; readonly message: string; readonly requestId?: string }
  | {
      readonly kind: 'limited';
      readonly retryAfterMs: number | undefined;
      readonly message: string;
      readonly requestId?: string;
    }
  | { readonly kind: 'timeout'; readonly message: string; readonly requestId?: string }
  | { readonly kind: 'unreachable'; readonly message: string; readonly requestId?: string }
  | { readonly kind: 'fault'; readonly message: string; readonly requestId?: string };
