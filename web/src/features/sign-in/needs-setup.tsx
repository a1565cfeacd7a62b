import { SetupCommands } from './setup-commands.tsx';
import { VisitorCard } from './visitor-card.tsx';

/** Nobody can sign in yet, and the link that makes the first admin is not at hand. */
export function NeedsSetup() {
  return (
    <VisitorCard
      title="There is no admin yet"
      words="Roster printed a one-time link when it was started. Open it to make the first admin."
      foot="Whoever can run this on the machine may do so; there is no default password."
    >
      <p>No link at hand? Print a new one on the machine that runs Roster:</p>
      <SetupCommands />
    </VisitorCard>
  );
}
