import { StsError } from './errors.ts';

/** A part of the service, which this function may have been built without: then nothing is wrong with what was asked. */
export const carried = <Part>(part: Part | undefined, name: string): Part => {
  if (part === undefined) throw new StsError('Misconfigured', `This function was built without ${name}.`);
  return part;
};
