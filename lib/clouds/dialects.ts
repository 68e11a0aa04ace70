import type { Cloud, Dialect, RecognizedBy, Upstream } from '../core/cloud.ts';
import { alibaba } from './alibaba/cloud.ts';
import { aws } from './aws/cloud.ts';
import { type SpokenCloudId, upstreams } from './catalog.ts';
import { ecs } from './ecs/cloud.ts';
import { huawei } from './huawei/cloud.ts';
import { json } from './json/dialect.ts';
import { oauth } from './oauth/dialect.ts';
import { tencentV2 } from './tencent-v2/cloud.ts';
import { tencentV3 } from './tencent-v3/cloud.ts';
import { ucloud } from './ucloud/cloud.ts';
import { volcengine } from './volcengine/cloud.ts';

/** A function is built without those that nobody can be answered in. */
const bothWays = {
  'tencent-v2': tencentV2,
  'tencent-v3': tencentV3,
  ucloud,
  ecs,
  alibaba,
  volcengine,
  huawei,
  aws,
} as const satisfies Readonly<Record<SpokenCloudId, Cloud>>;

/** Every cloud in whose wire format we answer. Only a function that does so may import this. */
export const clouds: readonly Cloud[] = Object.values(bothWays);

/** Every cloud that is only called: nobody is answered in its wire format. */
const calledOnly: readonly Upstream[] = upstreams.filter(({ id }) => !Object.hasOwn(bothWays, id));

/** What accounts may be of: these clouds, and those that are only called. */
export const upstreamsWith = (spoken: readonly Cloud[]): readonly Upstream[] => [...spoken, ...calledOnly];

/** What we speak besides the formats of clouds. The first answers requests that are in no dialect. */
const general = {
  json,
  oauth,
};

/** From the most to the least certain mark of a request; see `RecognizedBy`. */
const certainty: readonly RecognizedBy[] = ['path', 'header', 'parameter', 'shared'];

/**
 * The JSON API, the token exchange and the dialects of these clouds, in the order in which they are asked whether a request is theirs. The
 * first answers requests that are in no dialect.
 */
export const dialectsOf = (spoken: readonly Cloud[]): readonly [Dialect, ...Dialect[]] => [
  general.json,
  ...[general.oauth].filter((dialect) => dialect !== undefined),
  ...certainty
    .flatMap((mark) => spoken.filter(({ recognizedBy }) => recognizedBy === mark))
    .map(({ dialect }) => dialect),
];
