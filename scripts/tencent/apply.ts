import { setTimeout } from 'node:timers/promises';
import type { ScfApi } from './api.ts';
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
      await api.UpdateFunctionConfiguration({ ...at, ...configurationOf(wanted, found?.latest.environment ?? {}) });
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
  }
};

const configurationOf = (wanted: WantedFunction, kept: Readonly<Record<string, string>>) => ({
  Description: wanted.description,
  MemorySize: wanted.memory,
  Timeout: wanted.timeout,
  // SCF replaces the whole list of variables.
  Environment: {
    Variables: Object.entries({ ...kept, ...wanted.environment }).map(([Key, Value]) => ({ Key, Value })),
  },
  ...(wanted.role === '' ? {} : { Role: wanted.role }),
});

const triggerOf = ({ type, name, settings }: WantedTrigger) => ({
  Type: type,
  TriggerName: name,
  // The description of a timer is its expression alone.
  TriggerDesc: type === 'timer' ? String(settings['cron']) : JSON.stringify(settings),
});

/** Waits until a version is active: SCF refuses other changes before that. */
const ready = async ({ api, name, place, pauseMs }: ApplyContext, Qualifier: string): Promise<void> => {
  for (let polls = 0; polls < maxPolls; polls++) {
    const { Status = '', StatusDesc } = await api.GetFunction({
      ...{ FunctionName: name, Namespace: place.namespace, Qualifier },
      ShowCode: 'FALSE',
    });
    if (Status === 'Active') return;
    if (Status.endsWith('Failed')) throw new Error(`${name} is ${Status}: ${StatusDesc ?? 'SCF gives no reason'}`);
    await setTimeout(pauseMs);
  }
  throw new Error(`${name} is not ready after ${maxPolls} polls.`);
};
