import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a small cluster needs, and the package of Debian that has it. */
const packages = {
  'ceph-authtool': 'ceph-common',
  monmaptool: 'ceph-common',
  ceph: 'ceph-common',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
  'radosgw-admin': 'radosgw',
} as const;

const isInPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** The programs that this machine does not have, each with its package. */
export const missingPrograms = (): readonly string[] =>
  Object.entries(packages)
    .filter(([program]) => !isInPath(program))
    .map(([program, owner]) => `${program} (of Debian's package ${owner})`);
