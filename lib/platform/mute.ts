import type { Dialect } from '../sts/cloud.ts';
import { StsError } from '../sts/errors.ts';

const unheard = (): never => {
  throw new StsError('Internal', 'Nobody is answered here.');
};

/** For functions that nobody calls over HTTP: recognizes nothing, says nothing. */
export const mute: Dialect = {
  id: 'mute',
  recognizes: () => false,
  parse: unheard,
  render: unheard,
  renderError: unheard,
};
