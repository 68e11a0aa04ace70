import * as v from 'valibot';
import { upstreams } from '../clouds/catalog.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import { isObject } from '../wire/json.ts';
import { misplacedReferences } from './references/list.ts';
import { configSchema, configSchemaOf, type WrittenConfig } from './schema.ts';

/** A configuration whose form is valid, or every fault of its form, each as `PATH: WHY`. */
export type Validation = { readonly written: WrittenConfig } | { readonly faults: readonly string[] };

/** Checks the form of a configuration. References are not followed yet, and names not looked up. */
export const validate = (json: unknown, clouds: readonly CloudFacts[]): Validation => {
  // To the schema, a list is an object with nothing in it.
  if (!isObject(json)) return { faults: ['the file: must be an object'] };
  const dropped = droppedNames(json, '');
  if (dropped.length > 0) return { faults: dropped.map((path) => `${path}: is not a name that may be used`) };
  const parsed = v.safeParse(clouds === upstreams ? configSchema : configSchemaOf(clouds), json);
  if (!parsed.success) {
    return { faults: parsed.issues.flatMap((issue) => faultsOf(issue, '')) };
  }
  const misplaced = misplacedReferences(json);
  if (misplaced.length > 0) {
    return { faults: misplaced.map(({ path }) => `${path}: looks like a reference, which is not followed here`) };
  }
  return { written: parsed.output };
};

/**
 * Members whose names the schema's records leave out silently, as they could reach a prototype. Here each is a fault: a
 * condition that is not read is a condition that is not enforced.
 */
const droppedNames = (value: unknown, path: string): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`;
    return ['__proto__', 'prototype', 'constructor'].includes(name) ? [at] : droppedNames(inner, at);
  });
};

/** What is wrong, by the deepest path. Of the forms that a value may have, the one that fits in part is the one meant. */
const faultsOf = (issue: v.BaseIssue<unknown>, above: string): readonly string[] => {
  const own = v.getDotPath(issue);
  const path = [above, own ?? ''].filter((part) => part !== '').join('.');
  const inner = (issue.type === 'union' ? (issue.issues ?? []) : []).filter((one) => v.getDotPath(one) !== null);
  if (inner.length > 0) return inner.flatMap((one) => faultsOf(one, path));
  return [`${path === '' ? 'the file' : path}: ${sentence(issue)}`];
};

/** Never quotes a value: somebody may have written a secret where a reference belongs. */
const sentence = (issue: v.BaseIssue<unknown>): string => {
  if (issue.received === 'undefined') return 'is missing';
  if (issue.type === 'strict_object') return 'is not known here';
  if (issue.kind === 'validation' && issue.message.startsWith('must ')) return issue.message;
  return `must be ${issue.expected ?? 'otherwise'}`;
};
