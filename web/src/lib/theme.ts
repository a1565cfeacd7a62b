import { useCallback } from 'react';
import { readStored, useStored } from './stored.ts';

export const themeChoices = ['system', 'light', 'dark'] as const;

export type ThemeChoice = (typeof themeChoices)[number];

function parseTheme(text: string | undefined): ThemeChoice {
  return themeChoices.find((choice) => choice === text) ?? 'system';
}

/** Puts the remembered theme on the page; called before the first drawing. */
export function applyTheme(choice: ThemeChoice = parseTheme(readStored('theme'))): void {
  if (choice === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
}

export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const [choice, store] = useStored('theme', parseTheme);
  const set = useCallback(
    (next: ThemeChoice) => {
      store(next);
      applyTheme(next);
    },
    [store],
  );
  return [choice, set];
}
