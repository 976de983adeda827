import { initial } from './0001-initial.ts';
import { liveSources } from './0002-live-sources.ts';
import { movements } from './0003-movements.ts';
import { evidence } from './0010-evidence.ts';
import { stays } from './0011-stays.ts';
import { looks } from './0012-looks.ts';
import { tooRare } from './0013-too-rare.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [
  initial,
  liveSources,
  movements,
  evidence,
  stays,
  looks,
  tooRare,
];
