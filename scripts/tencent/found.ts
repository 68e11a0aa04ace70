import { ifThere, type ScfApi } from './api.ts';
import type { Place } from './wanted.ts';

/** One version of a function: those of its properties that we set. */
export interface FoundVersion {
  readonly description: string;
  readonly memory: number;
  readonly timeout: number;
  readonly runtime: string;
  readonly role: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FoundTrigger {
  readonly type: string;
  readonly name: string;
  readonly qualifier: string;
  readonly open: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A function as it is deployed. */
export interface FoundFunction {
  /** What SCF is doing with it, or how that ended: `Active`, `Updating`, `CreateFailed`, …. */
  readonly status: string;
  readonly latest: FoundVersion;
  /** The version that the alias points to. */
  readonly live?: { readonly version: string; readonly is: FoundVersion };
  readonly triggers: readonly FoundTrigger[];
}

const pageLength = 100;

/** Reads a function with its alias and triggers; returns undefined if it does not exist. */
export const findFunction = async (
  api: ScfApi,
  FunctionName: string,
  { namespace: Namespace, alias }: Place,
): Promise<FoundFunction | undefined> => {
  const at = { FunctionName, Namespace };
  const { latest, status } = (await latestOf(api, at)) ?? {};
  if (latest === undefined || status === undefined) return undefined;
  // Nothing else can be read of a function that was never made.
  if (status === 'CreateFailed') return { latest, status, triggers: [] };
  const { FunctionVersion: version } = (await ifThere(api.GetAlias({ ...at, Name: alias }))) ?? {};
  const is = version === undefined ? undefined : await versionOf(api, at, version);
  const { Triggers = [] } = await api.ListTriggers({ ...at, Offset: 0, Limit: pageLength });
  const triggers = Triggers.map(
    (each): FoundTrigger => ({
      type: each.Type ?? '',
      name: each.TriggerName ?? '',
      qualifier: each.Qualifier ?? '',
      open: each.Enable === 1,
      settings: settingsOf(each.TriggerDesc ?? ''),
    }),
  );
  return { latest, status, triggers, ...(version === undefined || is === undefined ? {} : { live: { version, is } }) };
};

interface FunctionName {
  readonly FunctionName: string;
  readonly Namespace: string;
}

// The code is identified by its digest, so it need not be downloaded.
const read = (api: ScfApi, at: FunctionName, Qualifier: string) =>
  ifThere(api.GetFunction({ ...at, Qualifier, ShowCode: 'FALSE' }));

const latestOf = async (api: ScfApi, at: FunctionName) => {
  const found = await read(api, at, '$LATEST');
  return found && { latest: propertiesOf(found), status: found.Status ?? '' };
};

const versionOf = async (api: ScfApi, at: FunctionName, version: string): Promise<FoundVersion | undefined> => {
  const found = await read(api, at, version);
  return found && propertiesOf(found);
};

const propertiesOf = (found: NonNullable<Awaited<ReturnType<typeof read>>>): FoundVersion => ({
  description: found.Description ?? '',
  memory: found.MemorySize ?? 0,
  timeout: found.Timeout ?? 0,
  runtime: found.Runtime ?? '',
  role: found.Role ?? '',
  environment: Object.fromEntries((found.Environment?.Variables ?? []).map(({ Key, Value }) => [Key, Value])),
});

/** `TriggerDesc` is a JSON document for most kinds; a timer's may be the expression alone. */
const settingsOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // It is the expression.
  }
  return { cron: text };
};
