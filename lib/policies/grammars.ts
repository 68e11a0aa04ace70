import { readCam } from './cam.ts';
import type { PolicyReading } from './document.ts';
import { readIam } from './iam.ts';
import { readUcloud } from './ucloud.ts';

/** Every policy grammar, by name. */
export const grammars = {
  cam: readCam,
  iam: readIam,
  ucloud: readUcloud,
} as const satisfies Record<string, (text: string) => PolicyReading>;
