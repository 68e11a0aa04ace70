import { contestTable } from './contest.ts';
import * as qcloud from './schemes/qcloud-hmac.ts';
import * as sigv4 from './schemes/sigv4.ts';
import * as tc3 from './schemes/tc3.ts';
import * as ucloud from './schemes/ucloud-sha1.ts';
import type { Table } from './table.ts';

/** Signing in one thread: ours compared with the vendors' own signers, and with the hashes alone. */
export const signing = async (): Promise<readonly Table[]> => [
  await contestTable('Signing', [tc3.signing, sigv4.signing, qcloud.signing, ucloud.signing]),
];

/** Verifying, with and without reading the proof. An SDK cannot verify, so it signs again and compares. */
export const verifying = async (): Promise<readonly Table[]> => [
  await contestTable('Verifying', [tc3.verifying, sigv4.verifying, qcloud.verifying, ucloud.verifying]),
];
