import type { AuditRecord } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { StreamedResponse } from '../platform/node/stream.ts';
import { lineOf } from './decision.ts';
import type { LeaseView, LiveEvent, NowView } from './view.ts';

/** What a stream is made of. */
export interface LiveDeps {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly now: () => NowView;
  readonly leases: () => readonly LeaseView[];
  /** Decisions of before, newest first: a page may have missed some until its stream began. */
  readonly recent: () => readonly AuditRecord[];
  readonly listen: (heard: (record: AuditRecord) => void) => () => void;
  /** Whether its reader may still look. */
  readonly stillAdmits: () => boolean;
  /** Ends the stream. */
  readonly closing: AbortSignal;
}

/** Decisions are told so soon after they are made; the figures every fifth time, leases every twentieth. */
const stepMs = 200;
const stepsToFigures = 5;
const stepsToLeases = 20;
/** Of a burst, and of what was before, the last so many. */
const maxPending = 200;
/** Writes in a row that a reader may leave in our memory. */
const maxBehind = 10;

const text = ({ event, data }: LiveEvent): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Server-sent events (HTML, 9.2) of what happens, until the reader leaves, falls behind, or may no longer look. */
export const liveStream =
  ({ clock, now, leases, recent, listen, stillAdmits, closing }: LiveDeps): StreamedResponse['stream'] =>
  async (write, gone) => {
    const signal = AbortSignal.any([gone, closing]);
    let pending = recent().slice(0, maxPending).reverse();
    let behind = 0;
    let lastLeases = '';
    const tell = (event: LiveEvent): void => {
      behind = write(text(event)) ? 0 : behind + 1;
    };
    const stop = listen((record) => {
      pending.push(record);
      if (pending.length > maxPending) pending = pending.slice(-maxPending);
    });
    try {
      for (let step = 0; !signal.aborted && behind < maxBehind; step++) {
        if (pending.length > 0) {
          tell({ event: 'decisions', data: pending.map(lineOf) });
          pending = [];
        }
        if (step % stepsToFigures === 0) {
          if (!stillAdmits()) return tell({ event: 'over', data: null });
          tell({ event: 'now', data: now() });
        }
        if (step % stepsToLeases === 0) {
          const list = leases();
          const written = JSON.stringify(list);
          if (written !== lastLeases) tell({ event: 'leases', data: list });
          lastLeases = written;
        }
        await clock.sleep(stepMs, signal);
      }
    } finally {
      stop();
    }
  };
