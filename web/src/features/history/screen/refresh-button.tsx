import { Button } from '../../../ui/button.tsx';
import { UndoIcon } from '../../../ui/icons.tsx';
import styles from './history-screen.module.css';

/** Reads a log anew that is not live. */
export function RefreshButton({ query }: { readonly query: { readonly isFetching: boolean; refetch(): unknown } }) {
  return (
    <Button
      size="small"
      variant="quiet"
      icon={<UndoIcon />}
      isBusy={query.isFetching}
      className={styles.end}
      onClick={() => void query.refetch()}
    >
      Read anew
    </Button>
  );
}
