import { create } from 'zustand';
import type { Fault } from '#shared/domain/source.ts';

/** Something said once, in answer to what the person did. */
export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly text: string;
  readonly fault: Fault | null;
}

interface NoticeStore {
  readonly notices: readonly Notice[];
  readonly say: (title: string, text: string) => void;
  readonly complain: (fault: Fault) => void;
  readonly dismiss: (id: number) => void;
}

const MOST = 4;
let nextId = 1;

/** Confirmations and refusals; the newest last, at most four at a time. */
export const useNotices = create<NoticeStore>((set) => {
  const add = (notice: Omit<Notice, 'id'>): void =>
    set((before) => {
      // Said again, it is said once.
      const others = before.notices.filter((old) => old.title !== notice.title || old.text !== notice.text);
      return { notices: [...others, { id: nextId++, ...notice }].slice(-MOST) };
    });
  return {
    notices: [],
    say: (title, text) => add({ title, text, fault: null }),
    complain: (fault) => add({ title: fault.title, text: fault.whatToDo, fault }),
    dismiss: (id) => set((before) => ({ notices: before.notices.filter((notice) => notice.id !== id) })),
  };
});
