import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Resource } from './packaging.ts';

// AWS's own specification of what a template may hold.

const database = loadAwsServiceSpecSync();

/** The parts of a property's type that are walked. */
interface PropertyType {
  readonly type: string;
  readonly element?: PropertyType;
  readonly reference?: { readonly $ref: string };
  readonly types?: readonly PropertyType[];
}

type Properties = Readonly<Record<string, { readonly type: unknown; readonly required?: boolean }>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value may become when CloudFormation evaluates it: both branches of a condition, or anything. */
const branchesOf = (value: unknown): readonly unknown[] => {
  if (!isObject(value)) return [value];
  const [[name = '', inner] = []] = Object.entries(value);
  if (Object.keys(value).length !== 1) return [value];
  if (name === 'Fn::If' && Array.isArray(inner)) return inner.slice(1).flatMap(branchesOf);
  return name === 'Ref' || name.startsWith('Fn::') ? [] : [value];
};

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => ['string', 'number', 'boolean'].includes(typeof value),
  integer: (value) => Number.isInteger(Number(value)),
  number: (value) => Number.isFinite(Number(value)),
  boolean: (value) => value === true || value === false || value === 'true' || value === 'false',
};

const typeFaults = (type: PropertyType, whole: unknown, path: string): readonly string[] =>
  branchesOf(whole).flatMap((value): readonly string[] => {
    if (type.type === 'array') {
      if (!Array.isArray(value)) return [`${path}: is no list`];
      return value.flatMap((item, index) => typeFaults(type.element as PropertyType, item, `${path}.${index}`));
    }
    if (type.type === 'ref') {
      const definition = database.get('typeDefinition', type.reference as never) as { readonly properties: Properties };
      return objectFaults(definition.properties, value, path);
    }
    if (type.type === 'union') {
      const faults = (type.types ?? []).map((each) => typeFaults(each, value, path));
      return faults.some((each) => each.length === 0) ? [] : (faults[0] ?? []);
    }
    const fits = scalars[type.type];
    return fits === undefined || fits(value) ? [] : [`${path}: is no ${type.type}`];
  });

const objectFaults = (properties: Properties, value: unknown, path: string): readonly string[] => {
  if (!isObject(value)) return [`${path}: is no object`];
  return [
    ...Object.entries(properties).flatMap(([name, { required }]) =>
      required === true && value[name] === undefined ? [`${path}.${name}: is missing`] : [],
    ),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property === undefined) return [`${path}.${name}: is not known`];
      return typeFaults(property.type as PropertyType, inner, `${path}.${name}`);
    }),
  ];
};

/** Whatever of a resource AWS's specification does not know, misses, or has otherwise. */
export const resourceFaults = (id: string, { Type, Properties = {} }: Resource): readonly string[] => {
  const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', Type);
  if (resource === undefined) return [`${id}: the type ${Type} is not known`];
  return objectFaults(resource.properties as Properties, Properties, id);
};
