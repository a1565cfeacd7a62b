import { Link } from 'wouter';
import { roleLabel } from '../../lib/user-words.ts';
import { useSignedIn } from '../../session/session-context.tsx';
import { InitialsDisc } from '../../ui/initials-disc.tsx';
import { PageSection } from '../../ui/page.tsx';
import styles from './account.module.css';

/** Who one is here. */
export function PersonSection() {
  const { user, access } = useSignedIn();
  return (
    <PageSection title="You">
      <div className={styles.person}>
        <InitialsDisc name={user.name} size={40} />
        <div className={styles.who}>
          <p className={styles.name} data-tip={user.name} data-tip-cut="">
            <bdi>{user.name}</bdi>
          </p>
          <p className={styles.facts}>
            <bdi>{user.email}</bdi>
            <span>{roleLabel(access.role)}</span>
          </p>
        </div>
        <Link href={`/users/${encodeURIComponent(user.id)}`} className={styles.link}>
          Your record
        </Link>
      </div>
    </PageSection>
  );
}
