import type { ReactElement } from 'react';
import type { FolderView } from '#shared/domain/folder.ts';
import { removeFolder } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Icon } from '../ui/icon.tsx';

/** The watched folders and what became of their files; nothing at all while there is none. */
export function FolderList({ folders }: { readonly folders: readonly FolderView[] }): ReactElement | null {
  if (folders.length === 0) return null;
  return (
    <section className="folders" aria-label="Watched folders">
      <h2 className="heading">Watched folders</h2>
      <ul>
        {folders.map((folder) => (
          <li key={folder.folderId} className="folder" data-testid={`folder-${folder.folderId}`}>
            <div className="folder-head">
              <Icon name="folder" size={14} />
              <bdi className="folder-title" title={folder.path}>
                {folder.title}
              </bdi>
              <Button
                look="bare"
                size="small"
                icon="remove"
                label={`Stop watching ${folder.title}`}
                onClick={() => removeFolder(folder.folderId)}
              />
            </div>
            <p className="folder-words number" data-testid="folder-words">
              {folderWords(folder)}
            </p>
            {folder.fault === null ? null : <FaultNote {...folder.fault} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function folderWords({ taken, known, waiting }: FolderView): string {
  const words = [
    `${taken} taken`,
    waiting === 0 ? null : `${waiting} still arriving`,
    known === 0 ? null : `${known} known already`,
  ];
  return words.filter((word) => word !== null).join(' · ');
}
