import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { timerOf } from './schedule.ts';
import type { Settings } from './settings.ts';

export interface WantedTrigger {
  readonly type: 'http' | 'timer' | 'cos' | 'ckafka';
  readonly name: string;
  /** `TriggerDesc`, as a value. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One function as it should be. */
export interface WantedFunction {
  readonly name: string;
  readonly zip: Buffer;
  /** Says in words that SCF allows which code this is, so that the next run sees whether it is there already. */
  readonly description: string;
  readonly memory: number;
  readonly timeout: number;
  readonly runtime: string;
  readonly role: string;
  /** Variables that must be so; others that are found there stay. */
  readonly environment: Readonly<Record<string, string>>;
  readonly triggers: readonly WantedTrigger[];
}

/** Where all of it is. */
export interface Place {
  readonly namespace: string;
  readonly alias: string;
}

export interface Options {
  readonly stage: string;
  readonly runtime: string;
  readonly config: string;
  /** Where variables are handed on from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a function is called at SCF. */
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
    environment: { CREDMINT_CONFIG: basename(options.config), ...handedOn(tencent.environment, options.environment) },
    triggers: [...eventTriggers(events, tencent.url), ...(tencent.triggers[name] ?? [])],
  };
};

const handedOn = (names: readonly string[], environment: Options['environment']): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => {
      const value = environment[name];
      if (value === undefined) throw new Error(`The environment has no ${name}, which serverless.yml hands on.`);
      return [name, value];
    }),
  );

const eventTriggers = (
  events: readonly Readonly<Record<string, unknown>>[],
  url: Settings['custom']['tencent']['url'],
): readonly WantedTrigger[] => [
  // However many routes a function has at a gateway, it has one URL.
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
            // What a page may read of an answer besides its body.
            ExposeHeaders: ['x-request-id', 'retry-after', 'date'],
            MaxAge: cors.maxAge,
            // Callers prove themselves in headers; cookies are nobody's proof here.
            Credentials: false,
          },
  },
});
