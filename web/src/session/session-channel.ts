/** What the tabs of one browser tell each other about the session that they share. */
export type SessionNews =
  /** Somebody has signed in; it may be another person than before. */
  | 'signed-in'
  | 'signed-out'
  /** The session lasts longer, or its person may do something else now. */
  | 'changed';

export interface SessionChannel {
  /** Tells all other tabs. */
  tell(news: SessionNews): void;
  subscribe(listener: (news: SessionNews) => void): () => void;
}

export function createSessionChannel(openChannel: (name: string) => BroadcastChannel): SessionChannel {
  const channel = openChannel('roster-session');
  const listeners = new Set<(news: SessionNews) => void>();
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data !== 'signed-in' && data !== 'signed-out' && data !== 'changed') return;
    for (const listener of [...listeners]) listener(data);
  };
  return {
    tell: (news) => channel.postMessage(news),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
