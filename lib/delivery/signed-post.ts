import type { Clock } from '../core/clock.ts';
import { StsError } from '../core/errors.ts';
import { type HttpHeaders, requestTo } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { hmacHex, keyOf } from '../signers/digest.ts';
import { refusal } from './refusal.ts';

const maxAttempts = 3;
const firstPauseMs = 250;

/** What is posted, and to whom. */
export interface Post {
  readonly url: URL;
  readonly secret: Secret;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/**
 * Posts a body with `credmint-signature: t=SECONDS,v1=HEX`, the HMAC-SHA256 of "SECONDS.BODY", signed anew for each
 * attempt. Retries if the receiver did not answer or could not accept it now. Rejects with an StsError.
 */
export const signedPost = async (
  { url, secret, headers, body }: Post,
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> => {
  const key = keyOf(secret.reveal());

  const attempt = async (): Promise<void> => {
    const time = Math.floor(clock.now().getTime() / 1000);
    const proof = hmacHex(key, `${time}.${body}`);
    const { status } = await transport(
      requestTo(url, { headers: { ...headers, 'credmint-signature': `t=${time},v1=${proof}` }, body }),
      signal,
    );
    if (status < 200 || status > 299) throw refusal(status);
  };

  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = StsError.from(thrown);
      if (count === maxAttempts || !error.traits.retryable || signal.aborted) throw error;
      await clock.sleep(firstPauseMs * 4 ** (count - 1) * (0.5 + clock.chance() / 2), signal);
    }
  }
};
