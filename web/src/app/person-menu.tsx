import { Link } from 'wouter';
import { type ThemeChoice, themeChoices, useTheme } from '../lib/theme.ts';
import { problemWords } from '../session/problem-words.ts';
import { useSignedIn } from '../session/session-context.tsx';
import { useSignOut } from '../session/use-sign-out.ts';
import { Ask } from '../ui/ask.tsx';
import { Button } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { KeyIcon, PersonIcon, SignOutIcon } from '../ui/sign-in-icons.tsx';
import styles from './person-menu.module.css';

const themeWords: Readonly<Record<ThemeChoice, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

const listTokens = '/roster.tokens.v1.TokenService/ListTokens';

export interface PersonMenuProps {
  readonly onShortcuts: () => void;
  /** Called when an entry was followed. */
  readonly onGo: () => void;
}

/** What belongs to the person rather than to a page. */
export function PersonMenu({ onShortcuts, onGo }: PersonMenuProps) {
  const { user, access } = useSignedIn();
  const [theme, setTheme] = useTheme();
  const leave = useSignOut();
  const problem = problemWords(leave.error);
  return (
    <div className={styles.menu}>
      <p className={styles.email} data-tip={user.email} data-tip-cut="">
        <bdi>{user.email}</bdi>
      </p>
      <ul>
        <li>
          <Link href="/account" className={styles.entry} onClick={onGo}>
            <PersonIcon />
            Account
          </Link>
        </li>
        {access.may(listTokens) && (
          <li>
            <Link href="/tokens" className={styles.entry} onClick={onGo}>
              <KeyIcon />
              API tokens
            </Link>
          </li>
        )}
      </ul>
      <h2 className={styles.title}>Theme</h2>
      <Segmented
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={themeChoices.map((value) => ({ value, label: themeWords[value] }))}
      />
      <Button variant="quiet" size="small" className={styles.shortcuts} trailing={<Kbd>?</Kbd>} onClick={onShortcuts}>
        Keyboard shortcuts
      </Button>
      <div className={styles.foot}>
        {problem && <Notice tone="bad">You may still be signed in. {problem}</Notice>}
        {leave.isAsking ? (
          <Ask
            question="Sign out and lose what is not saved?"
            action="Sign out"
            isBusy={leave.isRunning}
            onAct={leave.confirm}
            onKeep={leave.decline}
          />
        ) : (
          <Button
            variant="quiet"
            size="small"
            icon={<SignOutIcon />}
            className={styles.leave}
            isBusy={leave.isRunning}
            onClick={leave.start}
          >
            Sign out
          </Button>
        )}
      </div>
    </div>
  );
}
