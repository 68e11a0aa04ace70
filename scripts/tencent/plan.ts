import { PackageError } from '../package/package-error.ts';
import { changedVariables } from './environment.ts';
import type { FoundFunction, FoundTrigger, FoundVersion } from './found.ts';
import type { WantedFunction, WantedTrigger } from './wanted.ts';

/** One step, and its reason. */
export type Step =
  | { readonly kind: 'create' }
  | { readonly kind: 'code' }
  | { readonly kind: 'configuration'; readonly what: readonly string[] }
  | { readonly kind: 'publish'; readonly alias: 'create' | 'update' }
  | { readonly kind: 'trigger'; readonly how: 'create' | 'update' | 'replace'; readonly trigger: WantedTrigger }
  | { readonly kind: 'untrigger'; readonly trigger: FoundTrigger }
  | { readonly kind: 'delete' };

/** The steps from a function as it is to the function as it should be; none if it is so already. */
export const planFor = (wanted: WantedFunction, found: FoundFunction | undefined, alias: string): readonly Step[] => {
  if (found === undefined || found.status === 'CreateFailed') {
    return [
      // SCF keeps what it could not make, and refuses to make it again under the same name.
      ...(found === undefined ? [] : [{ kind: 'delete' } as const]),
      { kind: 'create' },
      { kind: 'publish', alias: 'create' },
      ...wanted.triggers.map((trigger): Step => ({ kind: 'trigger', how: 'create', trigger })),
    ];
  }
  if (found.latest.runtime !== wanted.runtime) {
    throw new PackageError(
      `${wanted.name} runs on ${found.latest.runtime}. SCF changes no function's runtime: deploy another stage (docs/deploy.md), or say --runtime ${found.latest.runtime}.`,
    );
  }
  const steps: Step[] = [];
  const what = differences(wanted, found.latest);
  if (what.includes('code')) steps.push({ kind: 'code' });
  if (what.length > 0) steps.push({ kind: 'configuration', what });
  // A run that ended before it published left the alias behind, so the alias is compared too.
  if (found.live === undefined) steps.push({ kind: 'publish', alias: 'create' });
  else if (what.length > 0 || differences(wanted, found.live.is).length > 0)
    steps.push({ kind: 'publish', alias: 'update' });
  return [...steps, ...triggerSteps(wanted, found, alias)];
};

/** The steps of a removal: every trigger of the alias, then the function with all its versions. */
export const planToRemove = (found: FoundFunction | undefined): readonly Step[] =>
  found === undefined
    ? []
    : [...found.triggers.map((trigger): Step => ({ kind: 'untrigger', trigger })), { kind: 'delete' }];

const differences = (wanted: WantedFunction, found: FoundVersion): readonly string[] => [
  ...(wanted.description === found.description ? [] : ['code']),
  ...(['memory', 'timeout', 'role'] as const).filter((name) => wanted[name] !== found[name]),
  // By name, as a plan is read by people.
  ...changedVariables(wanted.environment, found.environment),
];

const triggerSteps = (wanted: WantedFunction, found: FoundFunction, alias: string): readonly Step[] => {
  // Triggers of the alias are ours; those of other versions were made by others and stay.
  const ours = found.triggers.filter(({ qualifier }) => qualifier === alias);
  const same = (one: { type: string; name: string }, other: { type: string; name: string }): boolean =>
    one.type === other.type && one.name === other.name;
  return [
    ...ours
      .filter((each) => !wanted.triggers.some((trigger) => same(trigger, each)))
      .map((trigger): Step => ({ kind: 'untrigger', trigger })),
    ...wanted.triggers.flatMap((trigger): Step[] => {
      const there = ours.find((each) => same(trigger, each));
      if (there === undefined) return [{ kind: 'trigger', how: 'create', trigger }];
      if (there.open && covers(there.settings, trigger.settings)) return [];
      // SCF cannot update COS triggers.
      return [{ kind: 'trigger', how: trigger.type === 'cos' ? 'replace' : 'update', trigger }];
    }),
  ];
};

/** Whether what was found contains all that is wanted; SCF adds addresses and defaults of its own. */
const covers = (found: unknown, wanted: unknown): boolean => {
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && found.length === wanted.length && wanted.every((one, at) => covers(found[at], one));
  }
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(wanted).every(([name, value]) => covers((found as Record<string, unknown>)[name], value));
};

/** A step as a line of text. */
export const inWords = (step: Step, alias: string): string => {
  switch (step.kind) {
    case 'create':
      return '+ create the function';
    case 'code':
      return '~ upload its code';
    case 'configuration':
      return `~ configure ${step.what.join(', ')}`;
    case 'publish':
      return step.alias === 'create'
        ? `+ publish a version, as ${alias}`
        : `~ publish a version, and lead ${alias} there`;
    case 'trigger':
      return `${step.how === 'create' ? '+' : '~'} ${step.how} the trigger ${step.trigger.type} ${step.trigger.name}`;
    case 'untrigger':
      return `- delete the trigger ${step.trigger.type} ${step.trigger.name}`;
    case 'delete':
      return '- delete the function and all its versions';
  }
};
