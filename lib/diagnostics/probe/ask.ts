import type { Account, Moment, Upstream } from '../../core/cloud.ts';
import { StsError, type StsErrorCode } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { ProbeName } from '../../core/probe.ts';
import type { Transport } from '../../core/transport.ts';
import { readXml } from '../../wire/xml.ts';

/** What asking a system takes. */
export interface ProbeDeps {
  readonly upstream: Upstream;
  readonly account: Account;
  /** A role that the account may assume, if one is known. */
  readonly role?: string;
  readonly transport: Transport;
  readonly moment: () => Moment;
  /** The deadline of one question. */
  readonly signal: () => AbortSignal;
}

/** What a system said to a question: that it gives what was asked, or how it refuses. */
export type ProbeReply =
  | { readonly isGiven: true }
  | {
      readonly isGiven: false;
      readonly code: StsErrorCode;
      /** The HTTP status, and the code in the system's own words. */
      readonly status: number;
      readonly word?: string;
      /** The root element of the refusal. */
      readonly root?: string;
    };

export type ProbeReplies = ReadonlyMap<ProbeName, ProbeReply>;

/**
 * Asks an account's system what it can. Rejects with an StsError if it does not answer, if it cannot be asked, or if the
 * account has no key to sign with.
 */
export const ask = async ({ upstream, account, role, ...deps }: ProbeDeps): Promise<ProbeReplies> => {
  const { key } = account;
  if (upstream.probes === undefined) {
    throw new StsError('UnsupportedOperation', `What ${upstream.title} can is known: there is nothing to ask it.`);
  }
  if (key === undefined) throw new StsError('Misconfigured', `The account ${account.name} has no key to ask with.`);
  const provider = upstream.providerOf(account);
  const replies = new Map<ProbeName, ProbeReply>();
  for (const { name, request, read } of upstream.probes(account, role)) {
    const response = await deps.transport(provider.sign(request, account, key, deps.moment()), deps.signal());
    try {
      read(response);
      replies.set(name, { isGiven: true });
    } catch (thrown) {
      const { code, detail } = StsError.from(thrown);
      const root = readXml(response.body)?.name;
      replies.set(name, {
        isGiven: false,
        code,
        status: response.status,
        ...omitUndefined({ word: detail.upstream?.code, root }),
      });
    }
  }
  return replies;
};
