import type { ReactElement } from 'react';
import type { SourceView } from '#shared/domain/source.ts';
import { removeSource } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface RemoveDialogProps {
  readonly source: SourceView;
  readonly onClose: () => void;
}

/** Asks before a source goes: nobody can bring its lines and its login back. */
export function RemoveDialog({ source, onClose }: RemoveDialogProps): ReactElement {
  const remove = (): void => {
    removeSource(source.sourceId);
    onClose();
  };
  const foot = (
    <>
      <span className="dialog-space" />
      <Button look="bare" onClick={onClose}>
        Keep it
      </Button>
      <Button look="danger" autoFocus data-testid="confirm-remove" onClick={remove}>
        Remove
      </Button>
    </>
  );
  return (
    <Dialog title="Remove this source?" onClose={onClose} foot={foot}>
      <div className="remove">
        <p>
          <strong>
            <bdi>{source.title}</bdi>
          </strong>{' '}
          leaves the list, and its lines, zones{source.hasLogin ? ', settings and login' : ' and settings'}{' '}
          with it.
        </p>
        <p>
          What it counted stays in the database
          {source.live === null ? '.' : ', and what it recorded on the disk.'}
        </p>
      </div>
    </Dialog>
  );
}
