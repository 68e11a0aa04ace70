import type { FunctionSpec } from '../../app/compose.ts';
import type { Authority } from '../../authority/authority.ts';
import type { Clock } from '../../core/clock.ts';
import { StsError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Answered, Answerer } from '../../platform/answer.ts';
import { rewriteAsVendor } from './rewrite-as-vendor.ts';
import type { FaultSettings } from './settings.ts';

/** Ways to make an authority misbehave; each wraps a part of it that behaves. */
export interface Faults {
  answer(answer: Answerer): Answerer;
  door(spec: FunctionSpec): FunctionSpec;
  /** The time as it has it. */
  now(): Date;
}

/** From 0 to 1, the same each run (mulberry32). */
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

/** What one request will meet. All is drawn at its beginning, so that no fault shifts the lot of the next request. */
const lotOf = (settings: FaultSettings, chance: () => number) => {
  const [reset = 1, cut = 1, wrongType = 1, late = 1, spread = 0] = [chance(), chance(), chance(), chance(), chance()];
  const { latency } = settings;
  return {
    reset: reset < settings.reset,
    cut: cut < settings.cut,
    wrongType: wrongType < settings.wrongType,
    delay: latency !== undefined && late < latency.share ? latency.milliseconds + spread * latency.spread : 0,
  };
};

export const injectFaults = (settings: FaultSettings, clock: Pick<Clock, 'now' | 'sleep'>): Faults => {
  const { skewSeconds, throttle, rotation, expireAfterSeconds, odd } = settings;
  const began = clock.now().getTime();
  const answers = sequence(settings.seed);
  const mints = sequence(settings.seed + 1);
  let second = 0;
  let taken = 0;

  const isTooMuch = (at: number): boolean => {
    if (throttle === undefined) return false;
    if (Math.floor(at / 1000) !== second) {
      second = Math.floor(at / 1000);
      taken = 0;
    }
    return ++taken > throttle.perSecond;
  };

  const isRotating = (at: number): boolean => {
    if (rotation === undefined) return false;
    const into = ((at - began) / 1000) % rotation.everySeconds;
    // Not at once: whoever starts it wants to see it work first.
    return at - began >= rotation.everySeconds * 1000 && into < rotation.lastsSeconds;
  };

  const faultOf = (at: number): StsError | undefined => {
    if (isTooMuch(at)) return new StsError('Throttled');
    return isRotating(at) ? new StsError('UnknownKey') : undefined;
  };

  const spoiled = (authority: Authority): Authority => ({
    ...authority,
    issue: (request, at) => {
      const durationSeconds = Math.min(request.durationSeconds, expireAfterSeconds ?? request.durationSeconds);
      const credentials = authority.issue({ ...request, durationSeconds }, at);
      if (mints() >= settings.empty) return credentials;
      const nothing = new Secret('');
      return { ...credentials, accessKeyId: '', secretAccessKey: nothing, sessionToken: nothing };
    },
  });

  const now = (): Date => new Date(clock.now().getTime() + skewSeconds * 1000);

  return {
    now,

    answer: (answer) => async (raw, deadline) => {
      const lot = lotOf(settings, answers);
      const fault = faultOf(clock.now().getTime());
      if (lot.delay > 0) await clock.sleep(lot.delay);
      const response: Answered = await answer(fault === undefined ? raw : { ...raw, fault }, deadline);
      if (lot.reset) return { ...response, breaks: 'reset' };
      if (lot.wrongType) return { ...gatewayPage, headers: { ...response.headers, ...gatewayPage.headers } };
      const said = { ...response, body: rewriteAsVendor(response.body, odd) };
      return lot.cut ? { ...said, breaks: 'cut' } : said;
    },

    door: ({ authority: foundation, ...spec }) =>
      foundation === undefined
        ? spec
        : {
            ...spec,
            authority: (...deps) => {
              const built = foundation(...deps);
              return built && { ...built, authority: spoiled(built.authority) };
            },
          },
  };
};
