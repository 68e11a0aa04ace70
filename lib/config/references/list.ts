import * as v from 'valibot';
import { configSchema } from '../schema.ts';
import { isReference } from './reference.ts';

/** One text of a configuration that looks like a reference, and its path, as `accounts.prod.key.secret`. */
export interface FoundReference {
  readonly path: string;
  readonly reference: string;
}

/** The parts of valibot's schemas that lead to the texts in a value. */
interface Node {
  readonly type: string;
  readonly wrapped?: Node;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly value?: Node;
  readonly item?: Node;
  readonly key?: string;
  readonly options?: readonly Node[];
}

/** What holds no text that is free to be a reference. `unknown` is the inside of a policy document: `ssm:` is IAM's. */
const leaves = new Set(['literal', 'picklist', 'boolean', 'number', 'unknown']);

interface FoundText {
  readonly path: string;
  readonly text: string;
  readonly mark: unknown;
}

const is = (node: Node | undefined, value: unknown): boolean =>
  node !== undefined && v.is(node as unknown as v.GenericSchema, value);

/** The schema that a value is read by, of several that there are. */
const chosen = ({ options = [], key }: Node, value: object): Node | undefined =>
  options.find((option) =>
    key === undefined
      ? is(option, value)
      : is(option.entries?.[key], (value as Readonly<Record<string, unknown>>)[key]),
  );

/** Every text of a value that its schema leaves free, with what the schema says of references there. */
const textsIn = (node: Node, value: unknown, path: readonly string[]): readonly FoundText[] => {
  if (node.type === 'optional' && node.wrapped !== undefined) return textsIn(node.wrapped, value, path);
  if (typeof value === 'string' && node.type === 'string') {
    const { reference: mark } = v.getMetadata(node as unknown as v.GenericSchema);
    return [{ path: path.join('.'), text: value, mark }];
  }
  if (node.type === 'union' || node.type === 'variant') {
    const option = chosen(node, value as object);
    return option === undefined ? [] : textsIn(option, value, path);
  }
  if (typeof value !== 'object' || value === null || leaves.has(node.type)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const child =
      node.item ?? node.value ?? (Object.hasOwn(node.entries ?? {}, name) ? node.entries?.[name] : undefined);
    return child === undefined ? [] : textsIn(child, inner, [...path, name]);
  });
};

const referencesIn = (written: unknown): readonly (FoundReference & { readonly mark: unknown })[] =>
  textsIn(configSchema as unknown as Node, written, []).flatMap(({ path, text, mark }) =>
    isReference(text) ? [{ path, reference: text, mark }] : [],
  );

/** Every reference of a configuration, wherever one may stand. Parts that are not valid are passed over. */
export const listReferences = (written: unknown): readonly FoundReference[] =>
  referencesIn(written).flatMap(({ path, reference, mark }) => (mark === 'followed' ? [{ path, reference }] : []));

/** Texts that look like references in places where none is followed: a cloud would be sent them as they are. */
export const misplacedReferences = (written: unknown): readonly FoundReference[] =>
  referencesIn(written).flatMap(({ path, reference, mark }) => (mark === undefined ? [{ path, reference }] : []));
