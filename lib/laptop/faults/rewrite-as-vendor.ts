import type { Deviation } from './fault-settings.ts';

// Each of these was met in the field: a client that reads replies more strictly than vendors write them fails.

const rewrites: Readonly<Record<Deviation, (body: string) => string>> = {
  // Dell ECS's own documentation has both spellings; Ceph's replies had this one.
  AssumeRoleId: (body) =>
    body.replaceAll('AssumedRoleId>', 'AssumeRoleId>').replaceAll('"AssumedRoleId"', '"AssumeRoleId"'),
  // MinIO and Ceph write fractions of a second; Ceph writes nine digits of them.
  nanoseconds: (body) => body.replace(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, '$1.123456789Z'),
  // Ceph leaves ResponseMetadata out of its successes.
  noRequestId: (body) =>
    body
      .replace(/<ResponseMetadata>.*?<\/ResponseMetadata>/gs, '')
      .replace(/<RequestId>[^<]*<\/RequestId>/g, '')
      .replace(/"(?:RequestId|requestId)":"[^"]*",?/g, '')
      .replace(/,(\s*})/g, '$1'),
  // Ceph's STS answers with the errors of its S3: an Error without an ErrorResponse around it.
  s3Errors: (body) => {
    const inner = /<ErrorResponse[^>]*>.*?(<Error>.*<\/Error>)/s.exec(body)?.[1];
    return inner === undefined ? body : `<?xml version="1.0" encoding="UTF-8"?>${inner}`;
  },
};

/** Rewrites a reply as vendors that deviate in these ways would have written it. */
export const rewriteAsVendor = (body: string, deviations: readonly Deviation[]): string =>
  deviations.reduce((text, deviation) => rewrites[deviation](text), body);
