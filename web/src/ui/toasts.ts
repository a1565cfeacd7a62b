/** What a toast says: what was done, why that could not be taken back, or what has failed after one has left the place where that would be said. */
export interface Toast {
  readonly id: number;
  readonly words: string;
  readonly undo: Undo | undefined;
  readonly isUndoing: boolean;
  /** Why it failed, or could not be taken back when that was last tried. It stays until it is dismissed. */
  readonly problem: string | undefined;
  readonly about: string | undefined;
}

/** Takes back what was done. Resolves with why it could not, in words. Never rejects: whoever offers it knows the words. */
export type Undo = () => Promise<string | undefined>;

export interface ConfirmOptions {
  readonly undo?: Undo;
  /** What it is about. A newer confirmation about the same takes its place: an undo of what came before would take back the wrong thing. */
  readonly about?: string;
}

/** What is on screen, the newest last. */
export interface Toasts {
  confirm(words: string, options?: ConfirmOptions): void;
  /** Says what has failed and why, until it is dismissed. */
  fail(words: string, problem: string, options?: Pick<ConfirmOptions, 'about'>): void;
  dismiss(id: number): void;
  /** What has failed about this is settled by now, and needs no words any more. */
  settle(about: string): void;
  /** Takes back what was confirmed. Where that fails the confirmation stays, or comes back, and says why. */
  undo(toast: Toast): Promise<void>;
  /** While held (pointer or focus on them) nothing goes away by itself. */
  hold(isHeld: boolean): void;
  subscribe(listener: () => void): () => void;
  getSnapshot(): readonly Toast[];
}

export interface ToastsOptions {
  readonly lifeMs?: number;
  /** Longer, so that one can decide. */
  readonly undoLifeMs?: number;
  readonly most?: number;
}

/** Makes the queue; where there are too many, the oldest makes room whose words nobody has to see. */
export function createToasts({ lifeMs = 4000, undoLifeMs = 10_000, most = 3 }: ToastsOptions = {}): Toasts {
  let toasts: readonly Toast[] = [];
  let nextId = 1;
  let isHeld = false;
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  const listeners = new Set<() => void>();

  function set(next: readonly Toast[]): void {
    toasts = next;
    for (const listener of listeners) listener();
  }
  function dismiss(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    set(toasts.filter((toast) => toast.id !== id));
  }
  function startTimer(toast: Toast): void {
    clearTimeout(timers.get(toast.id));
    if (toast.isUndoing || toast.problem !== undefined) return;
    timers.set(
      toast.id,
      setTimeout(() => dismiss(toast.id), toast.undo ? undoLifeMs : lifeMs),
    );
  }

  function replace(toast: Toast): void {
    const isShown = toasts.some(({ id }) => id === toast.id);
    set(isShown ? toasts.map((each) => (each.id === toast.id ? toast : each)) : [...toasts, toast]);
    startTimer(toast);
  }

  function add(says: Omit<Toast, 'id' | 'isUndoing'>): void {
    const toast: Toast = { id: nextId, isUndoing: false, ...says };
    nextId += 1;
    for (const old of toasts) if (says.about !== undefined && old.about === says.about) dismiss(old.id);
    const passing = toasts.filter(({ problem, isUndoing }) => problem === undefined && !isUndoing);
    for (const old of passing.slice(0, Math.max(0, toasts.length + 1 - most))) dismiss(old.id);
    set([...toasts, toast]);
    if (!isHeld) startTimer(toast);
  }

  return {
    confirm: (words, { undo, about } = {}) => add({ words, undo, problem: undefined, about }),
    fail: (words, problem, { about } = {}) => add({ words, undo: undefined, problem, about }),
    dismiss,
    settle(about) {
      for (const old of toasts) if (old.about === about && old.problem !== undefined) dismiss(old.id);
    },
    async undo(toast) {
      replace({ ...toast, isUndoing: true, problem: undefined });
      const problem = await toast.undo?.();
      if (problem === undefined) dismiss(toast.id);
      else replace({ ...toast, isUndoing: false, problem: `Not undone. ${problem}` });
    },
    hold(next) {
      if (next === isHeld) return;
      isHeld = next;
      if (isHeld) for (const timer of timers.values()) clearTimeout(timer);
      else for (const toast of toasts) startTimer(toast);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => toasts,
  };
}
