import { Any } from '@roster/proto/gen/google/protobuf/any';
import { BadRequest, ErrorInfo } from '@roster/proto/gen/google/rpc/error_details';
import { expect, test } from 'vitest';
import { Code } from '../rpc/rpc-error.ts';
import { filterError } from './filter-error.ts';
import { parseFilter } from './parse-filter.ts';

test('a mistake becomes INVALID_ARGUMENT that names the column and what was expected there', () => {
  const mistake = parseFilter('role = BOSS');
  if (mistake.ok) throw new Error('expected a mistake');
  const error = filterError(mistake);
  const [info, request, ...rest] = error.details;
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(error.message).toBe('filter: Column 8: expected a role, ADMIN, EDITOR or VIEWER.');
  expect(Any.unpack(info ?? Any.create(), ErrorInfo)).toEqual({
    reason: 'FILTER_SYNTAX',
    domain: 'roster',
    metadata: { column: '8', length: '4' },
  });
  expect(Any.unpack(request ?? Any.create(), BadRequest).fieldViolations).toMatchObject([
    { field: 'filter', description: 'Column 8: expected a role, ADMIN, EDITOR or VIEWER.', reason: 'FILTER_SYNTAX' },
  ]);
  expect(rest).toEqual([]);
});

test('what the user wrote is not repeated in the status', () => {
  for (const text of [
    'sëcret = 1',
    'role = sëcret',
    'metadata.sëcret.x = 1',
    'created_at > "sëcret"',
    '"sëcret',
    'tags = sëcret',
  ]) {
    const mistake = parseFilter(text);
    expect(mistake).toMatchObject({ ok: false });
    expect(JSON.stringify(mistake)).not.toContain('cret');
  }
});
