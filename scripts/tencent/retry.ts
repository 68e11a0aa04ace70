import { setTimeout } from 'node:timers/promises';

const maxTries = 6;

/**
 * Codes of SCF and of the API in front of it that say: later. Others that begin as these do are lasting, such as
 * `ResourceInUse.Function`, which says that a function of that name is there. https://cloud.tencent.com/document/api/583/17240
 */
const passing: ReadonlySet<unknown> = new Set([
  'RequestLimitExceeded',
  'RequestLimitExceeded.GlobalRegionUinLimitExceeded',
  'RequestLimitExceeded.IPLimitExceeded',
  'RequestLimitExceeded.UinLimitExceeded',
  'LimitExceeded.Frequency',
  'ResourceInUse',
  'OperationConflict',
]);

/**
 * The same client, whose calls are tried again if SCF says that there were too many or that it is still at work.
 * Each pause is twice as long as the one before.
 */
export const withRetries = <Client extends object>(client: Client, pauseMs: number): Client =>
  new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...words: unknown[]): Promise<unknown> => {
        for (let tries = 1; ; tries++) {
          try {
            return await Reflect.apply(member, target, words);
          } catch (thrown) {
            if (tries === maxTries || !passing.has((thrown as { readonly code?: unknown }).code)) throw thrown;
            await setTimeout(pauseMs * 2 ** tries);
          }
        }
      };
    },
  });
