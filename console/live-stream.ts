import type { LiveEvent } from '../lib/console/view.ts';
import type { Liveness } from './frame.tsx';

/** A stream that is refused, as by a server that is busy, is asked for again so much later, in milliseconds. */
const pauseMs = 3_000;
const probeMaxMs = 10_000;

interface LiveStreamDeps {
  readonly hear: (event: LiveEvent) => void;
  readonly become: (liveness: Liveness) => void;
}

/** Whether nobody may look any more: an EventSource does not say why it was refused. */
const isSessionOver = (): Promise<boolean> =>
  fetch('/console/icon.svg', { method: 'HEAD', signal: AbortSignal.timeout(probeMaxMs) }).then(
    ({ status }) => status === 401,
    () => false,
  );

/** Listens to what happens, until the session is over. */
export const listenLive = (deps: LiveStreamDeps): void => {
  const { hear, become } = deps;
  const source = new EventSource('/console/live');
  const again = async (): Promise<void> => {
    if (await isSessionOver()) become('over');
    else setTimeout(() => listenLive(deps), pauseMs);
  };
  source.onopen = () => become('live');
  source.onerror = () => {
    become('waiting');
    if (source.readyState === EventSource.CLOSED) void again();
  };
  for (const name of ['now', 'leases', 'decisions', 'over'] as const) {
    source.addEventListener(name, ({ data }) => {
      if (name === 'over') {
        source.close();
        become('over');
      }
      hear({ event: name, data: JSON.parse(data) } as LiveEvent);
    });
  }
};
