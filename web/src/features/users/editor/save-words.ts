import { parseMaskPath } from '@roster/proto/mask-paths';
import { leafLabel } from '../../../lib/user-words.ts';
import type { AppError } from '../../../rpc/app-error.ts';
import { type ConnectionError, problemWords } from '../../../session/problem-words.ts';
import type { FormErrors } from './form-errors.ts';
import type { SaveOutcome } from './save-draft.ts';
import type { CreateOutcome } from './use-new-user.ts';

/** Fields are at fault, by the form's own check or by the server's, or something that belongs to no field. */
interface Refusal {
  readonly errors: FormErrors;
  readonly error: AppError | undefined;
}

/** What a failed save means for what was typed. */
export function saveSentence(error: AppError): string {
  switch (error.kind) {
    case 'unreachable':
      return 'The server could not be reached. Nothing you typed is lost; save again.';
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

/** The same once the connection is back that was to blame. */
export function pastSaveSentence({ kind }: ConnectionError): string {
  return kind === 'timeout'
    ? 'The server did not answer when you saved. It is not known whether the change was made; saving again is safe.'
    : 'The server could not be reached when you saved. Nothing you typed is lost; save again.';
}

/** Why something was not saved, for whoever has left its form meanwhile; undefined where there is nothing to say. */
export function refusalWords(outcome: SaveOutcome | CreateOutcome): string | undefined {
  switch (outcome.kind) {
    case 'refused':
      return `${reasonOf(outcome)} ${kept}`;
    case 'undecided':
      return `Someone else has changed the same fields; choose there which to keep. ${kept}`;
    case 'self-unconfirmed':
      return `${outcome.message} ${kept}`;
    case 'saved':
    case 'created':
    case 'nothing-to-save':
    case 'declined':
      return undefined;
  }
}

const kept = 'What you typed is kept in its form.';

function reasonOf({ errors: { byField, general }, error }: Refusal): string {
  if (general.length > 0) return general.join(' ');
  if (error) return problemWords(error) ?? error.message;
  return [...byField].map(([field, message]) => `${fieldLabel(field)}: ${message}`).join(' ');
}

/** What a fault is about, as its field is called in the form. */
function fieldLabel(field: string): string {
  const path = parseMaskPath(field);
  if (path?.field === 'metadata' || field.startsWith('row:')) return 'Metadata';
  if (path?.field === 'address') return 'line' in path ? leafLabel(path) : 'Address';
  return leafLabel({ field: path?.field ?? 'tags' });
}
