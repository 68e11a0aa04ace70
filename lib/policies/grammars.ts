import { readCam } from './cam.ts';
import type { PolicyReading } from './document.ts';
import { readHuawei } from './huawei.ts';
import { readIam } from './iam.ts';
import { readRam } from './ram.ts';
import { readUcloud } from './ucloud.ts';
import { readVolcengine } from './volcengine.ts';

/** Every policy grammar, by name. */
export const grammars = {
  cam: readCam,
  huawei: readHuawei,
  iam: readIam,
  ram: readRam,
  ucloud: readUcloud,
  volcengine: readVolcengine,
} as const satisfies Record<string, (text: string) => PolicyReading>;
