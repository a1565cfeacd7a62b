import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useMemo } from 'react';
import { useSignedIn } from '../../../session/session-context.tsx';
import { rightsOver, type UserRights } from './user-rights.ts';

/** What the person who is signed in may do to a user, kept up to date. */
export function useUserRights({ role }: User): UserRights {
  const { access } = useSignedIn();
  return useMemo(() => rightsOver({ role }, access), [role, access]);
}
