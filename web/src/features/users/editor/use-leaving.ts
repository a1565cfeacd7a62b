import { useState } from 'react';

/** Whether the person is asked if what they have typed is to be left behind. */
export interface Leaving {
  readonly isAsked: boolean;
  ask(): void;
  /** They go on, by saying so or by doing so. */
  stay(): void;
}

/** The question is over for good once there is nothing to lose. */
export function useLeaving(isDirty: boolean): Leaving {
  const [isAsked, setAsked] = useState(false);
  if (isAsked && !isDirty) setAsked(false);
  return { isAsked: isAsked && isDirty, ask: () => setAsked(true), stay: () => setAsked(false) };
}
