import type { Token } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { timeOf } from '../../lib/time-of.ts';

/** What a token can be made for, by the contract's names. */
export const scopeChoices = [
  { scope: 'users.read', label: 'Read users', description: 'Get, list and follow them' },
  { scope: 'users.write', label: 'Change users', description: 'Create, change, delete and restore them' },
  { scope: 'history.read', label: 'Read the history', description: 'Who changed what' },
  { scope: 'credentials', label: 'Invite', description: 'Make links by which people sign in for the first time' },
  { scope: 'tokens', label: 'Manage tokens', description: 'Make and revoke others' },
] as const;

/** How long a token can be made for. */
export const lifeChoices = [
  { value: 7, label: '7 days' },
  { value: 30, label: '30 days' },
  { value: 90, label: '90 days' },
  { value: 366, label: 'A year' },
] as const;

export type TokenState = 'good' | 'expired' | 'revoked';

export function stateOf(token: Token, now: number): TokenState {
  if (token.revokedAt) return 'revoked';
  return (timeOf(token.expiresAt) ?? 0) <= now ? 'expired' : 'good';
}

export function scopeLabel(scope: string): string {
  return scopeChoices.find((choice) => choice.scope === scope)?.label ?? scope;
}
