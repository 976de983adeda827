import { create } from 'zustand';
import { stepEditor } from '../editor/editor.ts';
import {
  type EditorEffect,
  type EditorEvent,
  type EditorScene,
  type EditorState,
  IDLE,
} from '../editor/editor-state.ts';

interface EditorStore {
  readonly state: EditorState;
  /** Why the last attempt did not count; empty when it did. */
  readonly hint: string;
  /** Takes one step and returns what is to be done about it. */
  readonly step: (event: EditorEvent, scene: EditorScene) => readonly EditorEffect[];
  readonly putAway: () => void;
}

/** The tool in the person's hand. */
export const useEditor = create<EditorStore>((set, get) => ({
  state: IDLE,
  hint: '',
  step: (event, scene) => {
    const { state, effects } = stepEditor(get().state, event, scene);
    const explained = effects.find((effect) => effect.kind === 'explain');
    const hint = explained?.text ?? (event.kind === 'pointer-moved' ? get().hint : '');
    set({ state, hint });
    return effects;
  },
  putAway: () => set({ state: IDLE, hint: '' }),
}));
