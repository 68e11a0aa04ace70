import { StsError } from '../core/errors.ts';
import type { Environment } from '../identity/environment.ts';

/** Where the environment wants a server to listen; what it does not say is absent. */
export interface ListenSettings {
  readonly host?: string;
  readonly port?: number;
  readonly metricsPort?: number;
}

/** A port as a variable or an option gives it. Throws an StsError that names it and says what a port is. */
export const portOf = (name: string, text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new StsError('Misconfigured', `${name} must be a port, a number from 0 (any free one) to 65535.`);
};

/** Reads `HOST`, `PORT` and `METRICS_PORT`. Throws an StsError that says what a port is. */
export const listenSettings = ({ HOST, PORT, METRICS_PORT }: Environment): ListenSettings => {
  const given = (name: string, text = ''): number | undefined => (text === '' ? undefined : portOf(name, text));
  const port = given('PORT', PORT);
  const metricsPort = given('METRICS_PORT', METRICS_PORT);
  return {
    ...(HOST === undefined || HOST === '' ? {} : { host: HOST }),
    ...(port === undefined ? {} : { port }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
  };
};
