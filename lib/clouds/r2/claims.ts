import { StsError } from '../../core/errors.ts';
import type { Statement } from '../../core/policy.ts';
import { policyFaultCodes } from '../../policies/check.ts';
import { readIam } from '../../policies/iam.ts';
import type { R2Claims } from '../../signers/r2-token.ts';

/** What R2 calls the actions that a bucket is asked for, by their names in a policy of S3. */
const bucketActions: Readonly<Record<string, readonly string[]>> = {
  's3:ListBucket': ['ListObjectsV1', 'ListObjectsV2'],
  's3:ListBucketMultipartUploads': ['ListMultipartUploads'],
  's3:GetBucketLocation': ['GetBucketLocation'],
};

/** What R2 calls the actions that an object is asked for. */
const objectActions: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['GetObject', 'HeadObject'],
  's3:PutObject': ['PutObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'],
  's3:DeleteObject': ['DeleteObject', 'DeleteObjects'],
  's3:AbortMultipartUpload': ['AbortMultipartUpload'],
  's3:ListMultipartUploadParts': ['ListParts'],
};

/** To copy is to read and to write, so it takes both. */
const copyActions = ['CopyObject', 'UploadPartCopy'];

const refuse = (why: string): never => {
  throw new StsError('InvalidPolicy', `The policy cannot be put into a token of R2: ${why}.`);
};

/** A part of a bucket: all of it (`''`), what begins with a prefix, or one object. */
interface Path {
  readonly kind: 'prefix' | 'object';
  readonly text: string;
}

interface Resource {
  readonly bucket: string;
  /** Absent if the bucket itself is meant, not what is in it. */
  readonly path?: Path;
}

const readResource = (arn: string): Resource => {
  const [, bucket, key] = /^arn:aws:s3:::([a-z\d][a-z\d-]{1,61}[a-z\d])(?:\/(.+))?$/s.exec(arn) ?? [];
  if (bucket === undefined) return refuse('each resource must be of one bucket, arn:aws:s3:::BUCKET');
  if (key === undefined) return { bucket };
  const stem = key.endsWith('*') ? key.slice(0, -1) : key;
  if (/[*?]|\$\{/.test(stem)) return refuse('a * may stand only at the end of a resource, and no variable in it');
  if (stem === key) return { bucket, path: { kind: 'object', text: key } };
  if (stem !== '' && !stem.endsWith('/')) return refuse('a prefix must end in /');
  return { bucket, path: { kind: 'prefix', text: stem } };
};

const mapped = (table: Readonly<Record<string, readonly string[]>>, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => (Object.hasOwn(table, name) ? (table[name] ?? []) : []));

const onObjectsOf = (names: readonly string[]): readonly string[] => {
  const copies = names.includes('s3:GetObject') && names.includes('s3:PutObject') ? copyActions : [];
  return [...mapped(objectActions, names), ...copies].sort();
};

/** One statement, split into what it says of the bucket and what of the objects in it. */
const readStatement = (statement: Statement) => {
  const { effect, actions, exceptActions, resources, exceptResources, conditional } = statement;
  if (effect === 'deny') return refuse('it may only allow');
  if (exceptActions || exceptResources) return refuse('it must name actions and resources, not exceptions');
  if (conditional) return refuse('it may have no conditions');
  const known = (name: string) => Object.hasOwn(bucketActions, name) || Object.hasOwn(objectActions, name);
  if (!actions.every(known)) return refuse('each action must be one of R2, by its whole name');
  const read = resources.map(readResource);
  const onBucket = mapped(bucketActions, actions);
  const onObjects = onObjectsOf(actions);
  const paths = read.flatMap(({ path }) => path ?? []);
  if (onBucket.length > 0 !== read.some(({ path }) => path === undefined)) {
    return refuse('actions on the bucket go with the bucket as a resource, and only they');
  }
  if (onObjects.length > 0 !== paths.length > 0) {
    return refuse('actions on objects go with objects as resources, and only they');
  }
  return { buckets: read.map(({ bucket }) => bucket), onBucket, onObjects, paths };
};

/**
 * What a policy allows, as a token of R2 says it: one bucket, one set of actions, one set of paths. A policy that says
 * anything else, or more finely, is refused, since a token that is nearly it would give too much or too little.
 */
export const claimsOf = (policy: string): R2Claims => {
  const reading = readIam(policy);
  if ('fault' in reading) throw new StsError(policyFaultCodes[reading.fault], reading.why);
  const read = reading.statements.map(readStatement);
  const [bucket = '', ...others] = [...new Set(read.flatMap(({ buckets }) => buckets))];
  if (others.length > 0) return refuse('it must be about one bucket');
  const aboutObjects = read.filter(({ paths }) => paths.length > 0);
  const actionSets = new Set(aboutObjects.map(({ onObjects }) => [...new Set(onObjects)].join()));
  if (actionSets.size > 1) return refuse('the same actions must be allowed on every object that it names');
  const paths = aboutObjects.flatMap((statement) => statement.paths);
  const whole = paths.length === 0 || paths.some(({ kind, text }) => kind === 'prefix' && text === '');
  const onBucket = read.flatMap((statement) => statement.onBucket);
  if (onBucket.length > 0 && !whole) return refuse('actions on the bucket go with all of its objects');
  const textsOf = (wanted: Path['kind']) => [
    ...new Set(paths.flatMap(({ kind, text }) => (kind === wanted ? [text] : []))),
  ];
  return {
    bucket,
    actions: [...new Set([...onBucket, ...(aboutObjects[0]?.onObjects ?? [])])].sort(),
    ...(whole ? {} : { paths: { prefixPaths: textsOf('prefix'), objectPaths: textsOf('object') } }),
  };
};
