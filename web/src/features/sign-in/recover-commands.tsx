import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './recover-commands.module.css';
import { HostCommand } from './visitor-states.tsx';

const commands = [
  { where: 'From a checkout', text: 'npx pnpm@12 -s roster admin recover' },
  { where: 'With Docker', text: 'docker compose exec server node dist/host.js admin recover' },
] as const;

/** What prints a new link on the machine that runs Roster; the page cannot know how it runs. */
export function RecoverCommands() {
  return (
    <dl className={styles.commands}>
      {commands.map(({ where, text }) => (
        <div key={where}>
          <dt className={styles.where}>{where}</dt>
          <dd>
            <HostCommand copy={<CopyButton text={text} label={`the command: ${where}`} variant="quiet" size="small" />}>
              {text}
            </HostCommand>
          </dd>
        </div>
      ))}
    </dl>
  );
}
