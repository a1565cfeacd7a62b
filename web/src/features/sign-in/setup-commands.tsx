import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './setup-commands.module.css';
import { HostCommand } from './visitor-states.tsx';

const command = () => `setup link --url ${location.origin}`;

/** The page cannot know how Roster runs. */
const commands = [
  { where: 'From a checkout', text: () => `npx pnpm@12 -s roster ${command()}` },
  { where: 'With Docker', text: () => `docker compose exec server node dist/host.js ${command()}` },
] as const;

/** What prints a new link for the first admin on the machine that runs Roster; it leads to this page. */
export function SetupCommands() {
  return (
    <dl className={styles.commands}>
      {commands.map(({ where, text }) => (
        <div key={where}>
          <dt className={styles.where}>{where}</dt>
          <dd>
            <HostCommand
              copy={<CopyButton text={text()} label={`the command: ${where}`} variant="quiet" size="small" />}
            >
              {text()}
            </HostCommand>
          </dd>
        </div>
      ))}
    </dl>
  );
}
