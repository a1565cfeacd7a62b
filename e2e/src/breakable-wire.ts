import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire between browser and proxy that breaks in the ways real ones do. */
export interface BreakableWire {
  readonly url: string;
  /** Resets every connection once it has brought so many more bytes: in the middle of what comes next. */
  cutAfter(byteCount: number): void;
  /** Brings nothing on any connection, old or new, and says nothing of it; `release` brings what was held. */
  hold(): void;
  release(): void;
  /** The feeds of now bring nothing any more, ever, and do not end either: so a router forgets them while a machine sleeps. Idle connections end, as browsers end them on waking. */
  forget(): void;
  stop(): void;
}

interface Line {
  readonly browser: Socket;
  readonly edge: Socket;
  /** How many bytes still come through to the browser. */
  left: number;
  /** Its latest request asked for a feed. */
  isFeed: boolean;
  isForgotten: boolean;
}

export async function startBreakableWire(edgePort: number): Promise<BreakableWire> {
  const lines = new Set<Line>();
  let isHeld = false;
  const server = createServer({ pauseOnConnect: true }, (browser) => {
    const line: Line = {
      browser,
      edge: connect({ port: edgePort, host: 'localhost' }),
      left: Number.POSITIVE_INFINITY,
      isFeed: false,
      isForgotten: false,
    };
    lines.add(line);
    join(line, () => lines.delete(line));
    if (!isHeld) resume(line);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cutAfter(byteCount) {
      for (const line of lines) line.left = byteCount;
    },
    hold() {
      isHeld = true;
      for (const line of lines) pause(line);
    },
    release() {
      isHeld = false;
      for (const line of lines) if (!line.isForgotten) resume(line);
    },
    forget() {
      for (const line of lines) {
        line.isForgotten = line.isFeed;
        if (line.isFeed) pause(line);
        else line.browser.destroy();
      }
    },
    stop() {
      server.close();
      for (const { browser, edge } of lines) {
        browser.destroy();
        edge.destroy();
      }
    },
  };
}

/** Brings bytes both ways; when one end goes, so does the other. */
function join(line: Line, onEnd: () => void): void {
  const { browser, edge } = line;
  const end = () => {
    browser.resetAndDestroy();
    edge.resetAndDestroy();
    onEnd();
  };
  edge.pause();
  for (const socket of [browser, edge]) socket.setNoDelay().on('error', end).on('close', end);
  browser.on('data', (bytes) => {
    line.isFeed = bytes.includes('x-roster-feed');
    edge.write(bytes);
  });
  edge.on('data', (bytes) => {
    browser.write(bytes.subarray(0, line.left), () => {
      if (line.left <= 0) end();
    });
    line.left -= bytes.length;
  });
}

function pause({ browser, edge }: Line): void {
  browser.pause();
  edge.pause();
}

function resume({ browser, edge }: Line): void {
  browser.resume();
  edge.resume();
}
