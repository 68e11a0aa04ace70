import type { Oddity } from './settings.ts';

// Each as somebody met it: a client that reads replies more closely than vendors write them fails at these.

const rewritings: Readonly<Record<Oddity, (body: string) => string>> = {
  // Dell ECS's own page has both spellings; Ceph's replies had this one.
  AssumeRoleId: (body) =>
    body.replaceAll('AssumedRoleId>', 'AssumeRoleId>').replaceAll('"AssumedRoleId"', '"AssumeRoleId"'),
  // MinIO and Ceph write fractions of a second, the latter nine digits of them.
  nanoseconds: (body) => body.replace(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, '$1.123456789Z'),
  // Ceph leaves ResponseMetadata out of what it mints.
  noRequestId: (body) =>
    body
      .replace(/<ResponseMetadata>.*?<\/ResponseMetadata>/gs, '')
      .replace(/<RequestId>[^<]*<\/RequestId>/g, '')
      .replace(/"(?:RequestId|requestId)":"[^"]*",?/g, '')
      .replace(/,(\s*})/g, '$1'),
  // Ceph answers its STS in the words of its S3: an Error that stands alone.
  s3Errors: (body) => {
    const inner = /<ErrorResponse[^>]*>.*?(<Error>.*<\/Error>)/s.exec(body)?.[1];
    return inner === undefined ? body : `<?xml version="1.0" encoding="UTF-8"?>${inner}`;
  },
};

/** A reply as an odd vendor would have written it. */
export const rewriteAsVendor = (body: string, odd: readonly Oddity[]): string =>
  odd.reduce((text, oddity) => rewritings[oddity](text), body);
