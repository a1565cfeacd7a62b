export interface Bell {
  ring(): void;
  rung(): Promise<void>;
}

/** Lets a stream wait until something may have happened: it was rung, or its call ended. A ring while nobody waits is remembered. */
export function createBell(signal: AbortSignal): Bell {
  let wasRung = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    wasRung = true;
    wake?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async rung() {
      if (!wasRung)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      wake = undefined;
      wasRung = false;
    },
  };
}
