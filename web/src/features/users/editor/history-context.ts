import type { User } from '@roster/proto/gen/userservice/v1/user';
import { createContext, type ReactNode } from 'react';

/** Draws what has happened to a user; `onAnswer` is told what the user is after a change was taken back. */
export type DrawHistory = (user: User, onAnswer: (user: User) => void) => ReactNode;

/** How the history of a user is drawn, which is another feature's matter; undefined where the person may not read it. */
export const HistoryContext = createContext<DrawHistory | undefined>(undefined);
