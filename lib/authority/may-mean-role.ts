import { matchesPattern } from '../policies/permits.ts';

/** A role as a system writes it, or a pattern of such: of an account, by its name with its path or by its id. */
interface Written {
  readonly account: string;
  /** Absent if a wildcard stands where it would be told. */
  readonly by: 'name' | 'id' | undefined;
  readonly name: string;
}

/**
 * How roles are written: ARNs and URNs of IAM, RAM, Volcengine and UCloud (`…:iam::ACCOUNT:role/NAME`), agencies of Huawei
 * Cloud (`iam::DOMAIN:agency:NAME`), and Tencent Cloud's `qcs::cam::uin/UIN:roleName/NAME`, or `role/ID`,
 * in which a service that is left out is any: https://cloud.tencent.com/document/product/598/10606
 */
const forms: readonly (readonly [RegExp, Written['by']])[] = [
  [/^qcs:[^:]*:(?:cam|\*)?:[^:]*:(?:uin\/)?(?<account>[^:]*):rolename\/(?<name>.+)/s, 'name'],
  [/^qcs:[^:]*:(?:cam|\*)?:[^:]*:(?:uin\/)?(?<account>[^:]*):role\/(?<name>.+)/s, 'id'],
  [/^qcs:[^:]*:(?:cam|\*)?:[^:]*:(?:uin\/)?(?<account>[^:]*):(?<name>[^/]*[*?].*)/s, undefined],
  [/^(?:[^:]*:)*?(?:iam|ram):[^:]*:(?<account>[^:]*):(?:role\/|agency:)(?<name>.+)/s, 'name'],
];

/** What stands before a name or an id, where both can stand. */
const kinds = { name: 'rolename/', id: 'role/' } as const;

/** The character that the end of what was read escapes, if it escapes one. */
const escapedAtEnd = (read: readonly string[]): string | undefined => {
  const code = /^%([0-9a-f]{2})/i.exec(read.slice(-3).join(''))?.[1];
  return code === undefined ? undefined : String.fromCharCode(Number.parseInt(code, 16));
};

/**
 * A text that a cloud may decode once more, or more than once, as it would read it at last. Read once: a policy may be
 * encoded thousands of times over.
 */
const decoded = (text: string): string => {
  const read: string[] = [];
  for (const character of text) {
    read.push(character);
    // What was decoded may be the end of another escape.
    for (let one = escapedAtEnd(read); one !== undefined; one = escapedAtEnd(read)) read.splice(-3, 3, one);
  }
  return read.join('');
};

const plain = (text: string): string =>
  decoded(text.normalize('NFKC'))
    .toLowerCase()
    .replace(/[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\/{2,}/g, '/');

const written = (text: string): Written | undefined => {
  for (const [form, by] of forms) {
    const found = form.exec(text);
    if (found !== null) return { by, ...(found.groups as { account: string; name: string }) };
  }
  return undefined;
};

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether the account of a pattern can be that of a role; a system fills in one that is left out. */
const isAccount = (pattern: string, account: string): boolean =>
  pattern === '' || account === '' || matchesPattern(pattern, account);

/** Whether a name with its path, or without, is that of the role: not every system asks for the path. */
const isName = (pattern: string, name: string): boolean => {
  if ([name, lastOf(name)].some((one) => matchesPattern(pattern, one))) return true;
  const last = lastOf(pattern);
  return !/[*?]/.test(last) && last === lastOf(name);
};

/** Whether a pattern matches any text that begins so. */
const mayBegin = (pattern: string, beginning: string): boolean => {
  for (const [index, character] of [...beginning].entries()) {
    if (pattern[index] === '*') return true;
    if (pattern[index] !== '?' && pattern[index] !== character) return false;
  }
  return true;
};

/** Whether what is denied may be what is asked for, both being of one account and of one kind. */
const isMeant = (denied: Written, { by = 'name', name }: Written): boolean =>
  denied.by === undefined
    ? matchesPattern(denied.name, `${kinds[by]}${name}`)
    : denied.by === by && isName(denied.name, name);

/** Whether what is denied may name roles by a name, or by an id, which is a number, if none of that kind is known. */
const isUnknown = (denied: Written, kind: keyof typeof kinds, asked: readonly Written[]): boolean =>
  asked.every(({ by }) => by !== kind) &&
  (denied.by === undefined
    ? mayBegin(denied.name, kinds[kind]) && (kind === 'name' || /^[\d*?]*$/.test(lastOf(denied.name)))
    : denied.by === kind);

/**
 * Whether a pattern of a policy may be meant for a role though it matches none of the names by which the role is known:
 * clouds read a name in another case, escaped, without its path or without its account as the same role, and a role that
 * has a name and an id answers to both, of which only one may be known here.
 */
export const mayMeanRole = (...names: readonly [string, ...string[]]): ((pattern: string) => boolean) => {
  const texts = names.map(plain);
  const asked = texts.flatMap((text) => written(text) ?? []);
  return (pattern) => {
    const meant = plain(pattern);
    if (texts.some((text) => matchesPattern(meant, text))) return true;
    const denied = written(meant);
    if (denied === undefined) return false;
    const there = asked.filter(({ account }) => isAccount(denied.account, account));
    return (
      there.some((one) => isMeant(denied, one)) ||
      (there.length > 0 && (isUnknown(denied, 'name', asked) || isUnknown(denied, 'id', asked)))
    );
  };
};
