import type { FunctionSpec } from '../../app/function-spec.ts';
import type { Authority } from '../../authority/authority.ts';
import type { Clock } from '../../core/clock.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { Secret } from '../../core/secret.ts';
import type { Answerer } from '../../platform/answer.ts';
import { type WriteResponse, writeResponse } from '../../platform/node/node-server.ts';
import type { FaultSettings } from './fault-settings.ts';
import { rewriteAsVendor } from './rewrite-as-vendor.ts';

/** An answer, and how its connection breaks instead of carrying the whole of it. */
export interface FaultyResponse extends HttpResponse {
  readonly breaks?: 'reset' | 'cut';
}

/** A laptop's parts, each wrapped so that it misbehaves as the settings say. */
export interface Faults {
  /** Answers late, wrongly or not at all. */
  answer(answer: Answerer): (...args: Parameters<Answerer>) => Promise<FaultyResponse>;
  /** Breaks the connections of those answers that are to be broken. */
  readonly write: WriteResponse;
  /** An authority whose credentials are empty or end early. */
  spec(spec: FunctionSpec): FunctionSpec;
  /** A clock that is wrong. */
  now(): Date;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
const sequence = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const gatewayPage = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>Please wait</title></head><body>Your request is being processed.</body></html>',
};

/** The faults of one request. All are drawn at its beginning, so that no fault changes what the next request meets. */
const drawFaults = (settings: FaultSettings, chance: () => number) => {
  const [reset = 1, cut = 1, wrongType = 1, late = 1, spread = 0] = [chance(), chance(), chance(), chance(), chance()];
  const { latency } = settings;
  return {
    reset: reset < settings.reset,
    cut: cut < settings.cut,
    wrongType: wrongType < settings.wrongType,
    delayMs: latency !== undefined && late < latency.share ? latency.milliseconds + spread * latency.spread : 0,
  };
};

const writeFaulty: WriteResponse = (response, answer: FaultyResponse, withBody) => {
  if (answer.breaks === 'reset') response.socket?.resetAndDestroy();
  else if (answer.breaks === 'cut') {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.write(answer.body.slice(0, answer.body.length / 2), () => response.socket?.destroy());
  } else writeResponse(response, answer, withBody);
};

/**
 * Makes the parts of a laptop misbehave on a seeded schedule.
 *
 * @example
 * const faults = injectFaults(settings, { now: deps.now, sleep });
 * await openLaptop(faults.spec(spec), clouds, place, { ...deps, now: faults.now }, faults);
 */
export const injectFaults = (settings: FaultSettings, clock: Pick<Clock, 'now' | 'sleep'>): Faults => {
  const { skewSeconds, throttle, rotation, expireAfterSeconds, odd } = settings;
  const startedAt = clock.now().getTime();
  const answerChance = sequence(settings.seed);
  const mintChance = sequence(settings.seed + 1);
  let second = 0;
  let countThisSecond = 0;

  const isThrottled = (at: number): boolean => {
    if (throttle === undefined) return false;
    if (Math.floor(at / 1000) !== second) {
      second = Math.floor(at / 1000);
      countThisSecond = 0;
    }
    return ++countThisSecond > throttle.perSecond;
  };

  const isRotating = (at: number): boolean => {
    if (rotation === undefined) return false;
    const sinceChange = ((at - startedAt) / 1000) % rotation.everySeconds;
    // Not at the start: users want to see it work first.
    return at - startedAt >= rotation.everySeconds * 1000 && sinceChange < rotation.lastsSeconds;
  };

  const faultOf = (at: number): StsError | undefined => {
    if (isThrottled(at)) return new StsError('Throttled');
    return isRotating(at) ? new StsError('UnknownKey') : undefined;
  };

  const misbehaving = (authority: Authority): Authority => ({
    ...authority,
    issue: (request, at) => {
      const durationSeconds = Math.min(request.durationSeconds, expireAfterSeconds ?? request.durationSeconds);
      const credentials = authority.issue({ ...request, durationSeconds }, at);
      if (mintChance() >= settings.empty) return credentials;
      const nothing = new Secret('');
      return { ...credentials, accessKeyId: '', secretAccessKey: nothing, sessionToken: nothing };
    },
  });

  return {
    now: () => new Date(clock.now().getTime() + skewSeconds * 1000),
    write: writeFaulty,
    answer: (answer) => async (raw, deadlineMs) => {
      const drawn = drawFaults(settings, answerChance);
      const fault = faultOf(clock.now().getTime());
      if (drawn.delayMs > 0) await clock.sleep(drawn.delayMs);
      const response = await answer(fault === undefined ? raw : { ...raw, fault }, deadlineMs);
      if (drawn.reset) return { ...response, breaks: 'reset' };
      if (drawn.wrongType) return { ...gatewayPage, headers: { ...response.headers, ...gatewayPage.headers } };
      const rewritten = { ...response, body: rewriteAsVendor(response.body, odd) };
      return drawn.cut ? { ...rewritten, breaks: 'cut' } : rewritten;
    },
    spec: ({ authority: create, ...spec }) =>
      create === undefined
        ? spec
        : {
            ...spec,
            authority: (...args) => {
              const built = create(...args);
              return built && { ...built, authority: misbehaving(built.authority) };
            },
          },
  };
};
