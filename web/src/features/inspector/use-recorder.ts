import { useEffect, useState } from 'react';
import type { RecordedCall, Recorder } from '../../rpc/recorder.ts';

/** A busy feed would draw the drawer anew with each frame. */
const drawEveryMs = 150;

export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly isPaused: boolean;
}

/** What the recorder holds, renewed at a calm pace. The calls in it are the recorder's own, which grow: compare them by `version`. */
export function useRecorder(recorder: Recorder): Recording {
  const [recording, setRecording] = useState(() => read(recorder));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      setRecording(read(recorder));
    };
    const stop = recorder.subscribe(() => {
      timer ??= setTimeout(draw, drawEveryMs);
    });
    draw();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [recorder]);
  return recording;
}

function read(recorder: Recorder): Recording {
  return { calls: recorder.calls(), isPaused: recorder.isPaused() };
}
