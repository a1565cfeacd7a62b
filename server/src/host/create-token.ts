import { parseArgs } from 'node:util';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { Database } from '../database/database.ts';
import { recordAccess } from '../identity/access-events.ts';
import { lifetimes } from '../identity/lifetimes.ts';
import { createToken } from '../identity/token-store.ts';
import { scopes } from '../rules/access.ts';
import { hostActor } from './host-actor.ts';

/** `roster token create --role ADMIN --expires 1d`: an API token that belongs to nobody. Returns it: the token alone, for scripts. */
export async function createHostToken(database: Database, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      role: { type: 'string' },
      expires: { type: 'string' },
      name: { type: 'string', default: 'Host token' },
      scopes: { type: 'string' },
    },
  });
  const role = readRole(values.role);
  const lifetimeMs = readLifetime(values.expires);
  const chosen = readScopes(values.scopes);
  return database.transaction(undefined, async (connection) => {
    const expiresAt = new Date(Date.now() + lifetimeMs);
    const token = await createToken(connection, {
      name: values.name,
      role,
      scopes: chosen,
      ownerId: undefined,
      parentId: undefined,
      expiresAt,
    });
    await recordAccess(connection, {
      kind: 'TOKEN_CREATED',
      actor: hostActor,
      address: '',
      detail: `${values.name} (${token.id}), ${UserRole[role]}`,
      requestId: '',
    });
    return token.text;
  });
}

function readRole(text: string | undefined): UserRole {
  if (text === 'ADMIN' || text === 'EDITOR' || text === 'VIEWER') return UserRole[text];
  throw new Error('--role must be ADMIN, EDITOR or VIEWER.');
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function readLifetime(text: string | undefined): number {
  const [, count, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text ?? '') ?? [];
  const lifetimeMs = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (lifetimeMs <= lifetimes.apiTokenMaxMs) return lifetimeMs;
  throw new Error('--expires must be a time such as 30m, 12h or 7d, at most 366d.');
}

function readScopes(text: string | undefined): readonly string[] {
  if (text === undefined) return scopes;
  const chosen = text.split(',').map((scope) => scope.trim());
  const unknown = chosen.find((scope) => !scopes.some((known) => known === scope));
  if (unknown === undefined) return chosen;
  throw new Error(`--scopes knows no “${unknown}”. There are: ${scopes.join(', ')}.`);
}
