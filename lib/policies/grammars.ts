import { camGrammar } from './cam.ts';
import { huaweiGrammar } from './huawei.ts';
import { iamGrammar } from './iam.ts';
import { ramGrammar } from './ram.ts';
import { ucloudGrammar } from './ucloud.ts';
import { volcengineGrammar } from './volcengine.ts';

/** Every grammar. A function is built without those in which its configuration has no policy. */
export const grammars = {
  cam: camGrammar,
  huawei: huaweiGrammar,
  iam: iamGrammar,
  ram: ramGrammar,
  ucloud: ucloudGrammar,
  volcengine: volcengineGrammar,
};
