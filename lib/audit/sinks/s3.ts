import { type HttpHeaders, type HttpRequest, requestTo } from '../../core/http.ts';
import { sha256Hex } from '../../signers/digest.ts';
import type { RemotePlace } from '../settings.ts';
import type { Sink } from '../sink.ts';
import { type SinkDeps, sendSigned } from './signed-send.ts';

const maxAttempts = 2;

const noAnswer = { status: 0, headers: {} as HttpHeaders };

/**
 * Lines as objects `prefix/instance/number.jsonl` of any store that speaks S3, each written once: with `if-none-match`
 * even we cannot overwrite one. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const s3Sink = (place: RemotePlace & { readonly prefix: string }, instance: string, reach: SinkDeps): Sink => {
  const { endpoint, prefix } = place;
  const folder = `${endpoint.pathname.replace(/\/$/, '')}/${prefix}${instance}`;
  let number = 0;

  const put = (path: string, body: string): HttpRequest =>
    requestTo(endpoint, {
      method: 'PUT',
      path,
      query: '',
      headers: {
        'content-type': 'application/x-ndjson',
        'if-none-match': '*',
        'x-amz-content-sha256': sha256Hex(body),
      },
      body,
    });

  return {
    write: async (lines) => {
      // A number is used for one content only: if the result of a write is unknown, the next write has another number.
      const path = `${folder}/${String(number++).padStart(10, '0')}.jsonl`;
      const request = put(path, `${lines.join('\n')}\n`);
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const { status, headers } = (await sendSigned(reach, place, 's3', request)) ?? noAnswer;
        // Every such store names what it took; a network that asks for a login says 200, too.
        if ((status === 200 || status === 201) && headers['etag'] !== undefined) return;
        // The object exists: it is ours, and the answer of the first attempt was lost.
        if (status === 412 && attempt > 1) return;
        const mayPass = status < 300 || status === 409 || status === 429 || status >= 500;
        if (!mayPass) throw new Error(`The audit bucket refused with ${status}.`);
      }
      throw new Error('The audit bucket does not take the lines.');
    },
  };
};
