import type { AppError } from '../../../rpc/app-error.ts';

/** What the server says about a filter, and the column of the mistake, counted from 1, where it names one. */
export interface FilterError {
  readonly message: string;
  readonly column: number | undefined;
}

/** The mistake in the filter, where a failure is about that. */
export function filterErrorOf(error: AppError | undefined): FilterError | undefined {
  if (error?.kind !== 'invalid') return undefined;
  const field = error.fields.find((candidate) => candidate.field === 'filter');
  if (!field) return undefined;
  const column = /\bcolumn (\d+)/i.exec(field.message)?.[1];
  return { message: field.message, column: column ? Number(column) : undefined };
}
