import type { Dialect } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';

const unheard = (): never => {
  throw new StsError('Internal', 'Nobody is answered here.');
};

/** For functions that nobody calls over HTTP: recognizes nothing, says nothing. */
export const noDialect: Dialect = {
  id: 'mute',
  recognizes: () => false,
  parse: unheard,
  render: unheard,
  renderError: unheard,
};
