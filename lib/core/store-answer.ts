import { StsError } from './errors.ts';

/** What a store answers; rejects with Unavailable, in these words, if it is down. */
export const storeAnswer = async <Answer>(asked: Promise<Answer | undefined>, message: string): Promise<Answer> => {
  const answer = await asked;
  if (answer === undefined) throw new StsError('Unavailable', message);
  return answer;
};
