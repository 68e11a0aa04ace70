import type * as v from 'valibot';

/** The parts of valibot's schemas that lead from a member to those in it. */
interface Node {
  readonly type: string;
  readonly wrapped?: Node;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly value?: Node;
  readonly item?: Node;
  readonly options?: readonly Node[];
}

/** A schema without what stands around it; several if there are alternatives. */
const unwrapped = (node: Node): readonly Node[] => {
  if (node.wrapped !== undefined) return unwrapped(node.wrapped);
  const { options = [] } = node;
  return node.type === 'union' || node.type === 'variant' ? options.flatMap(unwrapped) : [node];
};

/** The names that members of the object at a path may have, by any alternative of its schema. */
export const namesAt = (schema: v.GenericSchema, path: readonly string[]): readonly string[] => {
  let nodes = unwrapped(schema as unknown as Node);
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next =
        node.item ?? node.value ?? (Object.hasOwn(node.entries ?? {}, key) ? node.entries?.[key] : undefined);
      return next === undefined ? [] : unwrapped(next);
    });
  }
  return [...new Set(nodes.flatMap(({ entries = {} }) => Object.keys(entries)))];
};
