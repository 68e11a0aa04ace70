import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';

/**
 * Does what puts each caller that it proves into `proven`. If that fails in a way that may pass, makes their proofs usable
 * again. Rejects with an StsError.
 */
export const givingBackProofs = async <Result>(act: (proven: Caller[]) => Promise<Result>): Promise<Result> => {
  const proven: Caller[] = [];
  try {
    return await act(proven);
  } catch (thrown) {
    const error = StsError.from(thrown);
    if (error.mayPass) await Promise.all(proven.map(({ giveBackProof }) => giveBackProof?.()));
    throw error;
  }
};
