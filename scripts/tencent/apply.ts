import { setTimeout } from 'node:timers/promises';
import { PackageError } from '../package/package-error.ts';
import { ifThere, type ScfApi } from './api.ts';
import { variablesAfter } from './environment.ts';
import type { FoundFunction } from './found.ts';
import type { Step } from './plan.ts';
import type { Place, WantedFunction, WantedTrigger } from './wanted.ts';

/** What a step is applied to. `wanted` is absent if the function is removed. */
export interface ApplyContext {
  readonly api: ScfApi;
  readonly name: string;
  readonly place: Place;
  readonly wanted?: WantedFunction;
  readonly found?: FoundFunction;
  /** How long to wait between two polls of a function that is not ready. */
  readonly pauseMs: number;
}

const maxPolls = 120;

/** https://cloud.tencent.com/document/product/583/47175 */
const busy = new Set(['Creating', 'Updating', 'Publishing', 'Deleting']);

/** Applies one step, and waits until SCF has done it. */
export const apply = async (step: Step, context: ApplyContext): Promise<void> => {
  const { api, name, place, wanted, found } = context;
  const at = { FunctionName: name, Namespace: place.namespace };
  switch (step.kind) {
    case 'create':
      if (wanted === undefined) return;
      await api.CreateFunction({
        ...at,
        ...configurationOf(wanted, {}),
        ...(wanted.role === '' ? {} : { Role: wanted.role }),
        Code: { ZipFile: wanted.zip.toString('base64') },
        Handler: 'index.handler',
        Runtime: wanted.runtime,
        Type: 'Event',
      });
      return ready(context, '$LATEST');
    case 'code':
      if (wanted === undefined) return;
      await api.UpdateFunctionCode({ ...at, Handler: 'index.handler', ZipFile: wanted.zip.toString('base64') });
      return ready(context, '$LATEST');
    case 'configuration':
      if (wanted === undefined) return;
      await api.UpdateFunctionConfiguration({
        ...at,
        ...configurationOf(wanted, found?.latest.environment ?? {}),
        // Empty takes away the one that the function has: what is absent here is absent there.
        Role: wanted.role,
      });
      return ready(context, '$LATEST');
    case 'publish': {
      const { FunctionVersion = '' } = await api.PublishVersion({ ...at, Description: wanted?.description ?? '' });
      await ready(context, FunctionVersion);
      const alias = { ...at, Name: place.alias, FunctionVersion };
      await (step.alias === 'create' ? api.CreateAlias(alias) : api.UpdateAlias(alias));
      return;
    }
    case 'trigger': {
      const trigger = { ...at, ...triggerOf(step.trigger), Qualifier: place.alias };
      if (step.how === 'replace') await api.DeleteTrigger(trigger);
      await (step.how === 'update'
        ? api.UpdateTrigger({ ...trigger, Enable: 'OPEN' })
        : api.CreateTrigger({ ...trigger, Enable: 'OPEN' }));
      return;
    }
    case 'untrigger': {
      const { type: Type, name: TriggerName, qualifier: Qualifier, settings } = step.trigger;
      await api.DeleteTrigger({ ...at, Type, TriggerName, Qualifier, TriggerDesc: JSON.stringify(settings) });
      return;
    }
    case 'delete':
      await api.DeleteFunction(at);
      await settled(context, '$LATEST');
  }
};

const configurationOf = (wanted: WantedFunction, found: Readonly<Record<string, string>>) => ({
  Description: wanted.description,
  MemorySize: wanted.memory,
  Timeout: wanted.timeout,
  // SCF replaces the whole list of variables.
  Environment: {
    Variables: Object.entries(variablesAfter(wanted.environment, found)).map(([Key, Value]) => ({ Key, Value })),
  },
});

const triggerOf = ({ type, name, settings }: WantedTrigger) => ({
  Type: type,
  TriggerName: name,
  // The description of a timer is its expression alone.
  TriggerDesc: type === 'timer' ? String(settings['cron']) : JSON.stringify(settings),
});

/** Waits until a version is active: SCF refuses other changes before that. */
const ready = async (context: ApplyContext, version: string): Promise<void> => {
  const { status, why } = await settled(context, version);
  if (status === 'Active') return;
  throw new PackageError(`${status}: ${why}`);
};

/**
 * Waits while SCF is creating, updating or publishing a version, and returns how that ended; the status is empty if the
 * function does not exist.
 */
export const settled = async (
  { api, name, place, pauseMs }: Pick<ApplyContext, 'api' | 'name' | 'place' | 'pauseMs'>,
  Qualifier: string,
): Promise<{ readonly status: string; readonly why: string }> => {
  const at = { FunctionName: name, Namespace: place.namespace, Qualifier, ShowCode: 'FALSE' };
  for (let polls = 0; polls < maxPolls; polls++) {
    const found = await ifThere(api.GetFunction(at));
    const status = found?.Status ?? '';
    if (!busy.has(status)) return { status, why: found?.StatusDesc ?? 'SCF gives no reason' };
    await setTimeout(pauseMs);
  }
  throw new PackageError(`${name} is not ready after ${maxPolls} polls.`);
};
