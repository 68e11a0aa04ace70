import type { Dialect } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';

const unreachable = (): never => {
  throw new StsError('Internal', 'This function does not answer over HTTP.');
};

/** For functions that are not called over HTTP: recognizes no request. */
export const noDialect: Dialect = {
  id: 'none',
  recognizes: () => false,
  parse: unreachable,
  render: unreachable,
  renderError: unreachable,
};
