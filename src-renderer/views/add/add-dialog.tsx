import { type ReactElement, useEffect, useState } from 'react';
import type { Fault } from '#shared/domain/source.ts';
import type { Protection } from '#shared/domain/source-draft.ts';
import {
  draftOf,
  EMPTY_FORM,
  type FormKind,
  folderDraftOf,
  formOf,
  keepable,
  problemsOf,
  type SourceForm,
  testOf,
} from '../../add/source-form.ts';
import { act, inquire } from '../../bridge.ts';
import { sourceById } from '../../stores/app-state-store.ts';
import { useChoice } from '../../stores/choice-store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FaultNote } from '../../ui/fault-note.tsx';
import { Segments } from '../../ui/segments.tsx';
import { ClassChips } from '../class-chips.tsx';
import { KindFields } from './kind-fields.tsx';
import { RateFields } from './rate-fields.tsx';
import { TestResult } from './test-result.tsx';
import type { TestState } from './test-state.ts';
import './add-dialog.css';

const KINDS: readonly { value: FormKind; words: string; title: string }[] = [
  { value: 'rtsp', words: 'Camera (RTSP)', title: 'A camera or recorder in the network' },
  { value: 'http', words: 'Web stream', title: 'HLS, MJPEG or another stream over HTTP' },
  { value: 'webcam', words: 'Webcam', title: 'A camera of this computer' },
  { value: 'file', words: 'Video file', title: 'Once, in a loop, or at real speed' },
  { value: 'folder', words: 'Watched folder', title: 'Every new video in it is analysed' },
];

interface AddDialogProps {
  /** The source to be changed; null: a new one. */
  readonly sourceId: string | null;
  readonly onClose: () => void;
}

/** Adds a source of any kind, or changes one: its fields, what "Test" found, and what is looked for. */
export function AddDialog({ sourceId, onClose }: AddDialogProps): ReactElement {
  const [source] = useState(() => sourceById(sourceId));
  const [typed, setForm] = useState<SourceForm>(() => (source === null ? EMPTY_FORM : formOf(source)));
  const [protection, setProtection] = useState<Protection | null>(null);
  const [test, setTest] = useState<TestState>({ kind: 'none' });
  const [refusal, setRefusal] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  /** Problems are said once somebody asked for something, not while they still type. */
  const [strict, setStrict] = useState(false);
  useEffect(() => {
    inquire('protection.get', {}).then(setProtection, () =>
      setProtection({ protected: false, words: 'It is not known whether a password can be protected.' }),
    );
  }, []);
  // Worked out anew each time: what is typed while the answer comes must not bring back what cannot be had.
  const form = keepable(typed, protection);
  const problems = problemsOf(form);
  const change = (next: SourceForm): void => {
    setForm(next);
    setRefusal(null);
    setTest((now) => (now.kind === 'going-on' ? now : { kind: 'none' }));
  };
  const runTest = async (form: SourceForm): Promise<void> => {
    setStrict(true);
    const asked = testOf(form);
    if (asked === null || test.kind === 'going-on') return;
    setTest({ kind: 'going-on' });
    try {
      const { fault, test: found } = await inquire('source.test', { sourceId, ...asked });
      if (found !== null) setTest({ kind: 'good', test: found });
      else if (fault !== null) setTest({ kind: 'bad', fault });
    } catch {
      setTest({ kind: 'none' });
    }
  };
  const accept = (certificate: string): void => {
    const next = { ...form, certificate };
    setForm(next);
    void runTest(next);
  };
  const confirm = async (): Promise<void> => {
    setStrict(true);
    if (busy || Object.keys(problems).length > 0) return;
    setBusy(true);
    const newSource = source === null && form.kind !== 'folder';
    useChoice.getState().awaitNewest(newSource);
    const reply = await send(form, sourceId);
    setBusy(false);
    if (reply?.status === 'done') return onClose();
    useChoice.getState().awaitNewest(false);
    setRefusal(reply?.fault ?? null);
  };
  const shown = strict ? problems : {};
  const adding = source === null;
  const foot = (
    <>
      {form.kind === 'folder' ? null : (
        <Button
          disabled={test.kind === 'going-on'}
          data-testid="test-button"
          onClick={() => void runTest(form)}
        >
          {test.kind === 'going-on' ? 'Testing…' : 'Test'}
        </Button>
      )}
      <span className="dialog-space" />
      <Button look="bare" onClick={onClose}>
        Cancel
      </Button>
      <Button look="primary" disabled={busy} data-testid="confirm-button" onClick={() => void confirm()}>
        {adding ? (form.kind === 'folder' ? 'Watch folder' : 'Add source') : 'Save changes'}
      </Button>
    </>
  );
  return (
    <Dialog title={adding ? 'Add source' : 'Source settings'} wide onClose={onClose} foot={foot}>
      <form
        className="add"
        data-testid="add-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        {adding ? (
          <Segments
            label="Kind of source"
            value={form.kind}
            options={KINDS}
            onChange={(kind) => {
              // Nothing was asked of the fields of this kind yet.
              setStrict(false);
              change({ ...form, kind });
            }}
          />
        ) : null}
        <div className="add-columns">
          <div className="add-fields">
            <KindFields
              form={form}
              problems={shown}
              protection={protection}
              adding={adding}
              onChange={change}
            />
          </div>
          <div className="add-side">
            {form.kind === 'folder' ? (
              <FolderWords />
            ) : (
              <TestResult state={test} kind={form.kind} onAccept={accept} />
            )}
          </div>
        </div>
        {refusal === null ? null : <FaultNote {...refusal} />}
        <fieldset className="add-group">
          <legend>Looked for</legend>
          <ClassChips chosen={form.classes} onChange={(classes) => setForm((now) => ({ ...now, classes }))} />
        </fieldset>
        {form.kind === 'file' || form.kind === 'folder' ? null : (
          <RateFields form={form} problems={shown} onChange={setForm} />
        )}
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}

async function send(
  form: SourceForm,
  sourceId: string | null,
): Promise<Awaited<ReturnType<typeof act>> | null> {
  const folder = folderDraftOf(form);
  if (folder !== null) return act('folder.watch', { draft: folder });
  const draft = draftOf(form);
  if (draft === null) return null;
  return sourceId === null
    ? act('source.create', { draft, start: true })
    : act('source.change', { sourceId, draft });
}

function FolderWords(): ReactElement {
  return (
    <div className="add-words">
      <p>
        Every video in this folder, and every one that is put there from now on, is analysed once it has
        stopped growing. The same recording under another name is not analysed again.
      </p>
      <p>Folders inside it are left alone. Network shares are fine.</p>
    </div>
  );
}
