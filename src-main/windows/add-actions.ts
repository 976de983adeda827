import { type BrowserWindow, dialog } from 'electron';
import type { uiMain } from '#shared/contracts/ui-main.contract.ts';
import { NamedError, toWireError } from '#shared/contracts/wire-error.ts';
import { toFault } from '#shared/domain/fault-text.ts';
import type { LoginChange } from '#shared/domain/source-draft.ts';
import type { Login } from '#shared/domain/source-input.ts';
import type { LinkHandlers } from '#shared/link/link-end.ts';
import type { FolderDesk } from '../folders/folder-desk.ts';
import { videoExtensions } from '../folders/video-names.ts';
import { secrets } from '../logging/secret-mask.ts';
import type { Engine } from '../runs/engine.ts';
import type { SourceDesk } from '../runs/source-desk.ts';
import { findDecoders, listDevices, testSource } from '../runs/source-test.ts';
import type { LoginBook } from '../secrets/login-book.ts';
import { answer, done } from './action-reply.ts';

type Handlers = Required<LinkHandlers<typeof uiMain, 'to'>>['requests'];

export interface AddActionsOptions {
  readonly engine: Engine;
  readonly desk: SourceDesk;
  readonly folders: FolderDesk;
  readonly logins: LoginBook;
  window(): BrowserWindow;
}

export const videoFilters = [
  { name: 'Video', extensions: [...videoExtensions] },
  { name: 'All files', extensions: ['*'] },
];

/** What the add dialog asks for. */
export function addActions(
  options: AddActionsOptions,
): Pick<
  Handlers,
  | 'path.pick'
  | 'source.create'
  | 'source.change'
  | 'source.test'
  | 'folder.watch'
  | 'folder.remove'
  | 'devices.list'
  | 'decoders.get'
  | 'protection.get'
> {
  const { engine, desk, folders, logins } = options;
  const loginFor = async (sourceId: string | null, login: LoginChange): Promise<Login | null> => {
    if (login.kind === 'set') return login.login;
    if (login.kind === 'environment') return logins.fromVariable(login.variable);
    return login.kind === 'keep' && sourceId !== null ? logins.read(sourceId) : null;
  };
  return {
    'path.pick': async ({ what }) => {
      const chosen = await dialog.showOpenDialog(options.window(), {
        title: what === 'file' ? 'Choose a video file' : 'Choose the folder to watch',
        properties: [what === 'file' ? 'openFile' : 'openDirectory'],
        ...(what === 'file' ? { filters: videoFilters } : {}),
      });
      return { path: chosen.canceled ? null : (chosen.filePaths[0] ?? null) };
    },
    'source.create': ({ draft, start }) =>
      answer(() => desk.create(draft, start).then(() => done('Source added'))),
    'source.change': ({ sourceId, draft }) =>
      answer(() => desk.change(sourceId, draft).then(() => done('Changes taken'))),
    'source.test': async ({ sourceId, input, login }) => {
      if (login.kind === 'set') logins.learn(login.login);
      try {
        return { fault: null, test: await testSource(engine, input, await loginFor(sourceId, login)) };
      } catch (thrown) {
        const { kind, message } = toWireError(thrown);
        return { fault: toFault(kind, secrets.mask(message)), test: null };
      }
    },
    'folder.watch': ({ draft }) =>
      answer(() => {
        if (!draft.path.startsWith('/') && !/^([a-z]:[\\/]|\\\\)/i.test(draft.path))
          throw new NamedError('bad-argument', 'the folder has to be given with its whole path');
        folders.watch(draft);
        return done('Folder watched');
      }),
    'folder.remove': ({ folderId }) =>
      answer(() => {
        folders.remove(folderId);
        return done('Removed');
      }),
    'decoders.get': () => findDecoders(engine),
    'devices.list': async () => ({ devices: await listDevices(engine) }),
    'protection.get': () => logins.protection(),
  };
}
