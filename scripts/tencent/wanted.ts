import { createHash } from 'node:crypto';
import { PackageError } from '../package/package-error.ts';
import { ownVariables } from './environment.ts';
import { timerOf } from './schedule.ts';
import type { Settings } from './settings.ts';

export interface WantedTrigger {
  readonly type: 'http' | 'timer' | 'cos' | 'ckafka';
  readonly name: string;
  /** `TriggerDesc`, as a value. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A function as it should be deployed. */
export interface WantedFunction {
  readonly name: string;
  readonly zip: Buffer;
  /** Contains the digest of the code, so that the next run sees whether it is deployed already. */
  readonly description: string;
  readonly memory: number;
  readonly timeout: number;
  readonly runtime: string;
  readonly role: string;
  /** Variables that are set; those that were set by hand stay as they are. */
  readonly environment: Readonly<Record<string, string>>;
  readonly triggers: readonly WantedTrigger[];
}

/** Where the functions are. */
export interface Place {
  readonly namespace: string;
  readonly alias: string;
}

export interface Options {
  readonly stage: string;
  readonly runtime: string;
  /** The environment that variables are copied from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The name of a function at SCF. */
export const nameOf = (settings: Settings, stage: string, name: string): string =>
  `${settings.service}-${stage}-${name}`;

/** The function that `serverless.yml` describes, with its packed code. */
export const wantedFunction = (settings: Settings, name: string, zip: Buffer, options: Options): WantedFunction => {
  const { memorySize, timeout, events = [] } = settings.functions[name] ?? {};
  const { tencent } = settings.custom;
  return {
    name: nameOf(settings, options.stage, name),
    zip,
    description: `credmint, code ${createHash('sha256').update(zip).digest('hex')}`,
    memory: memorySize ?? settings.provider.memorySize,
    timeout: timeout ?? settings.provider.timeout,
    runtime: options.runtime,
    role: tencent.role ?? '',
    environment: ownVariables(handedOn(tencent.environment, options.environment)),
    triggers: [...eventTriggers(events, tencent.url), ...(tencent.triggers[name] ?? [])],
  };
};

const handedOn = (names: readonly string[], environment: Options['environment']): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => {
      const value = environment[name];
      if (value === undefined) throw new PackageError(`The environment has no ${name}, which serverless.yml names.`);
      return [name, value];
    }),
  );

const eventTriggers = (
  events: readonly Readonly<Record<string, unknown>>[],
  url: Settings['custom']['tencent']['url'],
): readonly WantedTrigger[] => [
  // A function has one URL, however many routes it has at a gateway.
  ...(events.some((event) => event['httpApi'] !== undefined) ? [urlTrigger(url)] : []),
  ...events
    .flatMap((event) => (typeof event['schedule'] === 'string' ? [event['schedule']] : []))
    .map(
      (schedule, index): WantedTrigger => ({
        type: 'timer',
        name: `credmint-timer-${index + 1}`,
        settings: { cron: timerOf(schedule) },
      }),
    ),
];

/** https://cloud.tencent.com/document/product/583/100227 */
const urlTrigger = ({ auth, cors }: Settings['custom']['tencent']['url']): WantedTrigger => ({
  type: 'http',
  name: 'credmint-url',
  settings: {
    AuthType: auth,
    NetConfig: { EnableIntranet: false, EnableExtranet: true },
    CorsConfig:
      cors.origins.length === 0
        ? { Enable: false }
        : {
            Enable: true,
            Origins: cors.origins,
            Methods: cors.methods,
            Headers: cors.headers,
            // The headers that a page may read.
            ExposeHeaders: ['x-request-id', 'retry-after', 'date'],
            MaxAge: cors.maxAge,
            // Callers authenticate by headers, never by cookies.
            Credentials: false,
          },
  },
});
