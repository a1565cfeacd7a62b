import type { User } from '@roster/proto/gen/userservice/v1/user';
import { ReadCache } from '../../../rpc/read-cache.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { CloseIcon, ExpandIcon } from '../../../ui/icons.tsx';
import type { UserList } from '../list/user-list.ts';
import { useUserActions } from './use-user-actions.ts';
import { UserEditorView } from './user-editor.tsx';
import { UserHeader, UserMenu } from './user-header.tsx';
import { UserLoader } from './user-loader.tsx';

export interface UserPanelProps {
  readonly userId: string;
  /** The list beside the panel; it keeps the user new and shows at once what is done here. */
  readonly list: UserList;
  readonly onClose: () => void;
  /** Opens the same user as a full page. */
  readonly onOpenPage: () => void;
}

/** Everything about one user, beside the list. Unsaved input is kept while another user is looked at, and over a reload. */
export function UserPanel({ userId, list, onClose, onOpenPage }: UserPanelProps) {
  return (
    <ReadCache>
      <UserLoader key={userId} userId={userId} list={list} onClose={onClose}>
        {(user, isErased) => (
          <OpenPanel user={user} isErased={isErased} list={list} onClose={onClose} onOpenPage={onOpenPage} />
        )}
      </UserLoader>
    </ReadCache>
  );
}

type OpenPanelProps = Omit<UserPanelProps, 'userId'> & { readonly user: User; readonly isErased: boolean };

function OpenPanel({ user, isErased, list, onClose, onOpenPage }: OpenPanelProps) {
  const actions = useUserActions(user, list);
  return (
    <UserEditorView
      user={user}
      isErased={isErased}
      list={list}
      actions={actions}
      onClose={onClose}
      head={(close) => (
        <UserHeader user={user}>
          {!user.deletedAt && !isErased && <UserMenu user={user} actions={actions} />}
          <IconButton label="Open as page" icon={<ExpandIcon />} onClick={onOpenPage} />
          <IconButton label="Close" icon={<CloseIcon />} onClick={close} />
        </UserHeader>
      )}
    />
  );
}
