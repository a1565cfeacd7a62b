import type { User } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useContext, useEffect, useRef, useState } from 'react';
import { putUser } from '../api/users-queries.ts';
import type { UserList } from '../list/user-list.ts';
import { FormSection } from './form-section.tsx';
import { HistoryContext } from './history-context.ts';

/** The last section of a user: what has happened. Drawn once it comes near the view, because it is read anew. */
export function HistorySection({ user, list }: { readonly user: User; readonly list: UserList | undefined }) {
  const draw = useContext(HistoryContext);
  const queryClient = useQueryClient();
  const ref = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || isNear) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), {
      rootMargin: '200px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isNear]);
  if (!draw) return null;
  function accept(answer: User): void {
    putUser(queryClient, answer);
    list?.applyAnswer(answer);
  }
  return (
    <FormSection title="History">
      <div ref={ref}>{isNear && <Suspense>{draw(user, accept)}</Suspense>}</div>
    </FormSection>
  );
}
