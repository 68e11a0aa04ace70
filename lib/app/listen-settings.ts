import { StsError } from '../core/errors.ts';
import type { Environment } from '../identity/environment.ts';

/** Where the environment wants a server to listen; what it does not say is absent. */
export interface ListenSettings {
  readonly host?: string;
  readonly port?: number;
  readonly metricsPort?: number;
}

const portOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StsError('Misconfigured', `${name} must be a port, a number from 0 (any free one) to 65535.`);
};

/** Reads `HOST`, `PORT` and `METRICS_PORT`. Throws an StsError that says what a port is. */
export const listenSettings = ({ HOST, PORT, METRICS_PORT }: Environment): ListenSettings => {
  const port = portOf('PORT', PORT);
  const metricsPort = portOf('METRICS_PORT', METRICS_PORT);
  return {
    ...(HOST === undefined || HOST === '' ? {} : { host: HOST }),
    ...(port === undefined ? {} : { port }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
  };
};
