import type { Upstream } from '../core/cloud.ts';
import type { CloudFacts } from '../core/cloud-facts.ts';
import type { PolicyGrammar } from '../core/policy.ts';
import { alibabaUpstream } from './alibaba/cloud.ts';
import { awsUpstream } from './aws/cloud.ts';
import { ecsUpstream } from './ecs/cloud.ts';
import { huaweiUpstream } from './huawei/cloud.ts';
import { r2Upstream } from './r2/cloud.ts';
import { tencentV2Upstream } from './tencent-v2/cloud.ts';
import { tencentV3Upstream } from './tencent-v3/cloud.ts';
import { ucloudUpstream } from './ucloud/cloud.ts';
import { volcengineUpstream } from './volcengine/cloud.ts';

/**
 * Every cloud that can be called, by its id. Configuration, diagnosis, tests and pages walk this list. It names only how
 * clouds are called, so that a function that answers like none of them carries nothing else of them.
 */
export const catalog = {
  'tencent-v2': tencentV2Upstream,
  'tencent-v3': tencentV3Upstream,
  ucloud: ucloudUpstream,
  ecs: ecsUpstream,
  alibaba: alibabaUpstream,
  volcengine: volcengineUpstream,
  huawei: huaweiUpstream,
  r2: r2Upstream,
  aws: awsUpstream,
} as const satisfies Readonly<Record<string, Upstream>>;

export type CloudId = keyof typeof catalog;

/** Those in whose wire format we answer, too. */
export type SpokenCloudId = Exclude<CloudId, 'r2'>;

/** Every cloud that can be called. */
export const upstreams: readonly Upstream[] = Object.values(catalog);

/** The policy grammars of clouds, by name. */
export const grammarsOf = (clouds: readonly CloudFacts[]): ReadonlyMap<string, PolicyGrammar> =>
  new Map(clouds.map(({ grammar }) => [grammar.name, grammar]));
