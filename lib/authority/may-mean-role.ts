import { matchesPattern } from '../policies/permits.ts';

/** A role as a system writes it, or a pattern of such: of an account, by its name with its path or by its id. */
interface Written {
  readonly account: string;
  readonly by: 'name' | 'id';
  readonly name: string;
}

/**
 * How roles are written: ARNs and URNs of IAM, RAM, Volcengine and UCloud (`…:iam::ACCOUNT:role/NAME`), agencies of Huawei
 * Cloud (`iam::DOMAIN:agency:NAME`), and Tencent Cloud's `qcs::cam::uin/UIN:roleName/NAME`, or `role/ID`.
 */
const forms: readonly (readonly [RegExp, Written['by']])[] = [
  [/^qcs:[^:]*:cam:[^:]*:(?:uin\/)?(?<account>[^:]*):rolename\/(?<name>.+)$/s, 'name'],
  [/^qcs:[^:]*:cam:[^:]*:(?:uin\/)?(?<account>[^:]*):role\/(?<name>.+)$/s, 'id'],
  [/^(?:[^:]*:)*?(?:iam|ram):[^:]*:(?<account>[^:]*):(?:role\/|agency:)(?<name>.+)$/s, 'name'],
];

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
    .replace(/[\s\p{Cc}\p{Cf}]/gu, '')
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

/**
 * Whether a pattern of a policy may be meant for a role though it does not match what the role is asked for by: clouds
 * read a name in another case, escaped, or without its path as the same role, and a role that has a name and an id
 * answers to both, of which only one is known here.
 */
export const mayMeanRole = (role: string): ((pattern: string) => boolean) => {
  const text = plain(role);
  const asked = written(text);
  return (pattern) => {
    const meant = plain(pattern);
    if (matchesPattern(meant, text)) return true;
    const denied = written(meant);
    if (asked === undefined || denied === undefined || !isAccount(denied.account, asked.account)) return false;
    return denied.by !== asked.by || isName(denied.name, asked.name);
  };
};
