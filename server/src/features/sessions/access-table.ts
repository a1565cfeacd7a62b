import type { AccessTable } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { methodRules } from '../../rules/access.ts';
import { fieldRules } from '../../rules/field-rules.ts';

/** The rules of who may what, as the server itself applies them. */
export function describeAccess(): AccessTable {
  return {
    methods: [...methodRules].map(([method, { scope, ...rule }]) => ({ method, scope: scope ?? '', ...rule })),
    fields: fieldRules.map((rule) => ({ ...rule })),
  };
}
